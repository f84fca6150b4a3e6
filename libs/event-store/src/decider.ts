/**
 * One aggregate as three pure functions. `decide` refuses by throwing; `evolve` never throws.
 * Time, ids and policy come in as part of the command.
 */
export interface Decider<State, Command, Event extends EventBody> {
  readonly initialState: State;
  readonly decide: (command: Command, state: State) => readonly Event[];
  readonly evolve: (state: State, event: Event) => State;
}

/** What an aggregate says happened: the envelope is added when it is appended. */
export interface EventBody {
  /** The event's name and major version, such as `VersionRegistered` and 1. */
  readonly type: string;
  readonly version: number;
  readonly data: unknown;
}
