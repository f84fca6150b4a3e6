import type { Decider, EventBody } from './decider.js';

/** The two ends of a decider's example. */
export interface Outcome<Event extends EventBody> {
  /** The command leads to exactly these events. */
  readonly then: (expected: readonly Event[]) => void;
  /** The command changes nothing. */
  readonly thenNothing: () => void;
  /** The command is refused with an error of that `code`. */
  readonly thenThrows: (code: string) => void;
}

const refusal = (work: () => unknown): unknown => {
  try {
    work();
  } catch (error) {
    return typeof error === 'object' && error !== null && 'code' in error ? error.code : error;
  }
  return 'nothing was thrown';
};

/** Tests an aggregate in its own words: `given(subject, [registered(v1)]).when(register(v1)).thenThrows('DSEM-4002')`. */
export const given = <State, Command, Event extends EventBody>(
  decider: Decider<State, Command, Event>,
  events: readonly Event[],
): { readonly when: (command: Command) => Outcome<Event>; readonly state: State } => {
  const state = events.reduce((before, event) => decider.evolve(before, event), decider.initialState);
  return {
    state,
    when: (command) => {
      const decide = () => decider.decide(command, state);
      return {
        then: (expected) => expect(decide()).toEqual(expected),
        thenNothing: () => expect(decide()).toEqual([]),
        thenThrows: (code) => expect(refusal(decide)).toBe(code),
      };
    },
  };
};
