import type { Decider } from '@dsem/event-store';
import { compatibilityAssessed, type AssessmentEvent } from '@dsem/events';

export type AssessmentResult = ReturnType<typeof compatibilityAssessed.of>['data'];

export interface AssessmentState {
  readonly latest: AssessmentResult | undefined;
}

/** The judgement itself is made by `assess` (libs/compat); the aggregate remembers when it changes. */
export interface RecordAssessment {
  readonly kind: 'record';
  readonly result: AssessmentResult;
}

const same = (a: AssessmentResult, b: AssessmentResult): boolean => JSON.stringify(a) === JSON.stringify(b);

/** How one version was judged; judged again when the mode or the consumers change. */
export const assessment: Decider<AssessmentState, RecordAssessment, AssessmentEvent> = {
  initialState: { latest: undefined },
  decide: (command, state) =>
    state.latest !== undefined && same(state.latest, command.result) ? [] : [compatibilityAssessed.of(command.result)],
  evolve: (_state, event) => ({ latest: event.data }),
};
