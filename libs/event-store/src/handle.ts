import { createHash, randomUUID } from 'node:crypto';
import type { Decider, EventBody } from './decider.js';
import {
  VersionConflict,
  type AppendOptions,
  type EventMetadata,
  type EventStore,
  type StoredEvent,
} from './event-store.js';
import type { SnapshotCache } from './snapshot.js';

/** The metadata of a command, and whether it may come again. */
export interface CommandMetadata extends EventMetadata {
  /**
   * Whoever sent the command may send it again under the same `causationId`, as when no answer came: what it has done
   * to a stream is not done again. Not stored.
   */
  readonly once?: true;
}

/** How a command is handled beside the decider. */
export interface HandleOptions extends AppendOptions {
  readonly metadata: CommandMetadata;
  /** What tells a `once` command from others under the same `causationId` on this stream; default: its `kind`. */
  readonly step?: string;
  /** Ids of the new events by index; default random. Derive them from a command's id to make a repeated command a no-op. */
  readonly ids?: (index: number) => string;
  /** How often to decide again when somebody else appended in between; default 5. */
  readonly retries?: number;
  /** The stream version the caller has seen (If-Match): another one is refused without deciding. */
  readonly expectedVersion?: number;
  /** A cache of folded states; `reducer` names `evolve` and its version, `every` says how many events lie between two. */
  readonly snapshots?: { readonly cache: SnapshotCache; readonly reducer: string; readonly every?: number };
}

/** What a command led to. */
export interface Handled<State> {
  readonly state: State;
  readonly events: readonly StoredEvent[];
  /** The stream's version after the command. */
  readonly version: number;
  /** Present when a `once` command had been handled before: this is what it led to then. */
  readonly repeated?: true;
}

/** A stream's state as folded from its events; version 0 when it does not exist. */
export interface Loaded<State> {
  readonly state: State;
  readonly version: number;
}

const fold = <State, Event extends EventBody>(
  decider: Pick<Decider<State, never, Event>, 'evolve'>,
  from: State,
  events: readonly EventBody[],
): State => events.reduce((state, event) => decider.evolve(state, event as Event), from);

/** Reads a stream and folds it, from a snapshot when there is one. */
export const loadState = async <State, Event extends EventBody>(
  store: EventStore,
  decider: Pick<Decider<State, never, Event>, 'initialState' | 'evolve'>,
  stream: string,
  snapshots?: HandleOptions['snapshots'],
): Promise<Loaded<State>> => {
  const snapshot = await snapshots?.cache.load(stream, snapshots.reducer);
  const from = snapshot?.streamVersion ?? 0;
  const events = await store.readStream(stream, from);
  const start = snapshot === undefined ? decider.initialState : (snapshot.state as State);
  const state = fold(decider, start, events);
  if (snapshots && events.length >= (snapshots.every ?? 50))
    await snapshots.cache.save(stream, snapshots.reducer, { streamVersion: from + events.length, state });
  return { state, version: from + events.length };
};

/** Ids that are the same whenever the command comes, so that the events themselves tell that it was handled. */
const onceIds =
  ({ causationId }: EventMetadata, stream: string, step: string) =>
  (index: number): string => {
    const hex = createHash('sha256')
      .update(JSON.stringify([causationId, stream, step, index]))
      .digest('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  };

const stepOf = (command: unknown): string =>
  typeof command === 'object' && command !== null && 'kind' in command ? String(command.kind) : '';

/** What the events of these ids led to, where the stream has them. */
const earlier = <State, Event extends EventBody>(
  decider: Pick<Decider<State, never, Event>, 'initialState' | 'evolve'>,
  stored: readonly StoredEvent[],
  ids: (index: number) => string,
): Handled<State> | undefined => {
  const at = stored.findIndex(({ id }) => id === ids(0));
  if (at < 0) return undefined;
  const events = stored.slice(at).filter(({ id }, i) => id === ids(i));
  const version = at + events.length;
  return { state: fold(decider, decider.initialState, stored.slice(0, version)), events, version, repeated: true };
};

/** Whether a `once` command has left events in a stream: for what must not even be looked at again. */
export const handledBefore = async (store: EventStore, stream: string, metadata: CommandMetadata): Promise<boolean> =>
  metadata.once === true &&
  (await store.readStream(stream)).some((event) => event.metadata.causationId === metadata.causationId);

const attempt = async <State, Command, Event extends EventBody>(
  store: EventStore,
  decider: Decider<State, Command, Event>,
  stream: string,
  command: Command,
  options: HandleOptions,
): Promise<Handled<State>> => {
  const { once, ...metadata } = options.metadata;
  const ids = options.ids ?? (once ? onceIds(metadata, stream, options.step ?? stepOf(command)) : () => randomUUID());
  const stored = once && (await store.readStream(stream));
  const before = stored && earlier(decider, stored, ids);
  if (before !== undefined) return before;
  const { state, version } = stored
    ? { state: fold(decider, decider.initialState, stored), version: stored.length }
    : await loadState(store, decider, stream, options.snapshots);
  if (options.expectedVersion !== undefined && options.expectedVersion !== version)
    throw new VersionConflict(stream, options.expectedVersion, version);
  const decided = decider.decide(command, state);
  if (decided.length === 0) return { state, events: [], version };
  const bodies = decided.map((body, i) => ({ ...body, id: ids(i), metadata }));
  const appended = await store.append(stream, version, bodies, options.also ? { also: options.also } : {});
  return { state: fold(decider, state, decided), events: appended.events, version: appended.streamVersion };
};

/**
 * Loads, folds, decides and appends with the exact version that was folded. When somebody else was faster it decides
 * again on the new state, at most `retries` times.
 * @throws what `decide` throws, and VersionConflict when the retries are used up or `expectedVersion` is not met
 */
export const handleCommand = async <State, Command, Event extends EventBody>(
  store: EventStore,
  decider: Decider<State, Command, Event>,
  stream: string,
  command: Command,
  options: HandleOptions,
): Promise<Handled<State>> => {
  for (let left = options.retries ?? 5; ; left--) {
    try {
      return await attempt(store, decider, stream, command, options);
    } catch (error) {
      const again =
        error instanceof VersionConflict && error.stream === stream && options.expectedVersion === undefined;
      if (!again || left <= 0) throw error;
    }
  }
};
