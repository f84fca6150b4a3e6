import { ApiProblem } from '@dsem/api';
import { deadLetterDiscarded, deadLetterReplayed, deadLetterReplayFailed, type LetterEvent } from '@dsem/events';
import type { Decider } from '@dsem/event-store';

type About = Omit<Extract<LetterEvent, { type: 'DeadLetterReplayed' }>['data'], 'by'>;

/** What a person did about a letter, and how it went. */
export type LetterCommand = About & { readonly by: string } & (
    | { readonly kind: 'replayed' }
    | { readonly kind: 'failed-again' }
    | { readonly kind: 'discard'; readonly reason: string }
  );

/** How a letter ended; while it waits there is nothing to know. */
export interface LetterState {
  readonly ended?: 'replayed' | 'discarded';
}

const decide = (command: LetterCommand, { ended }: LetterState): LetterEvent[] => {
  const { service, letter, consumer, topic, key, cause, by } = command;
  if (ended !== undefined) throw new ApiProblem('DSEM-4013', `dead letter ${letter} of ${service} was ${ended}`);
  const data = { service, letter, consumer, topic, key, cause, by };
  switch (command.kind) {
    case 'replayed':
      return [deadLetterReplayed.of(data)];
    case 'failed-again':
      return [deadLetterReplayFailed.of(data)];
    case 'discard':
      return [deadLetterDiscarded.of({ ...data, reason: command.reason })];
    default:
      return command satisfies never;
  }
};

const evolve = (state: LetterState, event: LetterEvent): LetterState => {
  switch (event.type) {
    case 'DeadLetterReplayed':
      return { ended: 'replayed' };
    case 'DeadLetterDiscarded':
      return { ended: 'discarded' };
    case 'DeadLetterReplayFailed':
      return state;
    default:
      return event satisfies never;
  }
};

/** A dead letter as the audit trail knows it: it ends once, by a person. */
export const deadLetter: Decider<LetterState, LetterCommand, LetterEvent> = { initialState: {}, decide, evolve };
