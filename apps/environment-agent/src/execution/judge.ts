import type { Probe } from '@dsem/plan';
import { footprint, pathOf, type Schema } from '@dsem/schema';
import type { DirectedStep, Route } from './route.js';

/** The live catalogue as the judge sees it. */
export interface Live {
  /** Of the state as far as the target speaks of it: owners of other objects do not count. */
  readonly digest: string;
  /** The same as far as the start speaks of it. */
  readonly start: string;
  readonly objects: ReadonlyMap<string, string>;
  /** Footprint keys of indexes that an online build has left unfinished. */
  readonly invalidIndexes: ReadonlySet<string>;
}

/** What to look at in an inspected state. O(schema). */
export const liveOf = (schema: Schema, digest: string, start = digest): Live => ({
  digest,
  start,
  objects: footprint(schema),
  invalidIndexes: new Set(
    schema.tables.flatMap((table) =>
      table.indexes.filter((index) => index.valid === false).map((index) => `index ${pathOf(table, index.name)}`),
    ),
  ),
});

/** How one object differs from what a probe wants. */
export interface Difference {
  readonly object: string;
  readonly wanted: string | null;
  readonly found: string | null;
}

/** The objects for which the probe does not hold; empty when it holds. */
export const differences = (probe: Probe, live: Live): readonly Difference[] =>
  Object.entries(probe.objects).flatMap(([object, wanted]) => {
    const found = live.objects.get(object) ?? null;
    return found === wanted ? [] : [{ object, wanted, found }];
  });

/**
 * What the catalogue says about a step. `debris`: all that is wrong are unfinished indexes that this step creates, or
 * removes (`undo: false`, then running the step again is the cure).
 */
export type Verdict =
  | { readonly kind: 'applied' }
  | { readonly kind: 'not-applied' }
  | { readonly kind: 'debris'; readonly undo: boolean; readonly objects: readonly string[] }
  | { readonly kind: 'partial'; readonly before: readonly Difference[]; readonly after: readonly Difference[] };

const debrisOf = (step: DirectedStep, live: Live, before: readonly Difference[]): Verdict | undefined => {
  const unfinished = before.length > 0 && before.every(({ object }) => live.invalidIndexes.has(object));
  if (!unfinished) return undefined;
  const objects = before.map(({ object }) => object);
  const created = before.every(({ wanted }) => wanted === null);
  const dropped = objects.every((object) => step.after.objects[object] === null);
  return created || dropped ? { kind: 'debris', undo: created, objects } : undefined;
};

/** Judges one step by its two probes. A step that leaves no trace in the catalogue is never `applied` by looks. */
export const judge = (step: DirectedStep, live: Live): Verdict => {
  const after = differences(step.after, live);
  const traceless = Object.keys(step.after.objects).length === 0;
  if (after.length === 0 && !traceless) return { kind: 'applied' };
  const before = differences(step.before, live);
  if (before.length === 0) return { kind: 'not-applied' };
  return debrisOf(step, live, before) ?? { kind: 'partial', before, after };
};

/** The touched objects as they stand before step 0, after step 0, after step 1 ... */
const stations = (steps: readonly DirectedStep[]): readonly ReadonlyMap<string, string | null>[] => {
  const start = new Map<string, string | null>();
  for (const step of steps.toReversed()) {
    for (const [object, value] of Object.entries(step.before.objects)) start.set(object, value);
  }
  const all = [start];
  for (const step of steps) {
    const next = new Map(all.at(-1));
    for (const [object, value] of Object.entries(step.after.objects)) next.set(object, value);
    all.push(next);
  }
  return all;
};

const standsAt = (station: ReadonlyMap<string, string | null>, live: Live): boolean =>
  [...station].every(([object, value]) => (live.objects.get(object) ?? null) === value);

/**
 * How many steps are in effect, judged by all objects that the route touches, at least `done` (what the journal says).
 * Undefined when the state lies between two steps or outside the route: then each step is judged by itself.
 *
 * A step's own probes are not enough: a helper that one step adds and a later one removes looks untouched at the end.
 */
export const positionOf = (route: Route, done: number, live: Live): number | undefined => {
  if (live.digest === route.to && route.from !== route.to) return route.steps.length;
  const at = stations(route.steps).findIndex((station, index) => index >= done && standsAt(station, live));
  return at === -1 ? undefined : at;
};

const spell = (value: string | null): string => (value === null ? 'absent' : value.slice(0, 12));

/** A sentence that names the objects and how they differ. */
export const describeDifferences = (found: readonly Difference[]): string =>
  found
    .map((each) => `${each.object}: wanted ${spell(each.wanted)}, found ${spell(each.found)}`)
    .slice(0, 10)
    .join('; ');
