/** A state that was folded up to and including a stream version. */
export interface Snapshot {
  readonly streamVersion: number;
  readonly state: unknown;
}

/**
 * A cache of folded states; never the truth. `reducer` names the fold and its version: a snapshot of another reducer is
 * not found, so that a changed `evolve` needs no migration. States must survive JSON.
 */
export interface SnapshotCache {
  readonly load: (stream: string, reducer: string) => Promise<Snapshot | undefined>;
  readonly save: (stream: string, reducer: string, snapshot: Snapshot) => Promise<void>;
}

/** Snapshots in memory, for tests and for processes that keep hot streams. */
export const memorySnapshots = (): SnapshotCache => {
  const kept = new Map<string, { reducer: string; json: string }>();
  return {
    load: async (stream, reducer) => {
      const found = kept.get(stream);
      return found?.reducer === reducer ? (JSON.parse(found.json) as Snapshot) : undefined;
    },
    save: async (stream, reducer, snapshot) => void kept.set(stream, { reducer, json: JSON.stringify(snapshot) }),
  };
};
