import { pathOf } from '@dsem/schema';
import { withinStack } from '../depth.js';
import { defaultNamespace } from '../types.js';
import { type Draft, NotYetDefined } from './draft.js';
import { countDone, endExpected, isDue } from './due.js';
import type { Faults } from './faults.js';
import { hintsOf } from './hints.js';
import { qualify } from './qualify.js';
import type { Placed } from './script.js';
import { createdName } from './statement-names.js';

/** Adds one statement, whose names are written out, to the draft. */
export type Read = (draft: Draft, placed: Placed) => void;

interface Waiting {
  readonly placed: Placed;
  readonly cause: NotYetDefined;
}

/** What the passes over the statements share. */
interface Readings {
  readonly draft: Draft;
  readonly read: Read;
  readonly faults: Faults;
  /** Whether a name that is not there yet may still come. */
  readonly patient: boolean;
}

const madeBy = ({ node }: Placed): readonly string[] => {
  const made = createdName(node);
  return made ? [pathOf({ namespace: made.namespace ?? defaultNamespace, name: made.name }), made.name] : [];
};

const attempt = ({ draft, read, faults, patient }: Readings, placed: Placed): Waiting | undefined => {
  try {
    withinStack(() => {
      if (!isDue(draft, placed)) return;
      qualify(placed.node, { draft, path: placed.path, site: placed.site, patient });
      const hints = hintsOf(placed.node, placed.hints ?? []);
      read(draft, placed);
      draft.renamedFrom.push(...hints);
      countDone(placed);
    }, placed.site.location);
    return undefined;
  } catch (cause) {
    return met(placed, cause, faults);
  }
};

/** An error is expected by the block of the statement, or it makes the statement wait. */
const met = (placed: Placed, error: unknown, faults: Faults): Waiting | undefined => {
  try {
    endExpected(placed, error);
    return undefined;
  } catch (cause) {
    if (cause instanceof NotYetDefined) return { placed, cause };
    faults.add(cause, madeBy(placed));
    return undefined;
  }
};

/** One pass over what waits; what is read wakes those that wait for it at once, so that a chain needs one pass. */
const pass = (readings: Readings, waiting: readonly Waiting[]): readonly Waiting[] => {
  const asleep = new Map<string, Placed[]>();
  const left = new Map<Placed, Waiting>();
  const queue = waiting.map(({ placed }) => placed).reverse();
  for (let placed = queue.pop(); placed; placed = queue.pop()) {
    const again = attempt(readings, placed);
    if (again) {
      left.set(placed, again);
      const key = again.cause.object ?? '';
      const beside = asleep.get(key);
      if (beside) beside.push(placed);
      else asleep.set(key, [placed]);
      continue;
    }
    left.delete(placed);
    for (const key of madeBy(placed)) {
      for (const sleeper of (asleep.get(key) ?? []).reverse()) queue.push(sleeper);
      asleep.delete(key);
    }
  }
  return [...left.values()];
};

/**
 * Reads statements in order; one that needs an object defined further down waits for it, with the search path of its
 * own place. Linear where each waits for at most one object.
 */
export const readAll = (draft: Draft, statements: readonly Placed[], read: Read, faults: Faults): void => {
  const patient: Readings = { draft, read, faults, patient: true };
  let waiting: readonly Waiting[] = statements.flatMap((placed) => attempt(patient, placed) ?? []);
  for (let before = Infinity; waiting.length > 0 && waiting.length < before;) {
    before = waiting.length;
    waiting = pass(patient, waiting);
  }
  for (let before = Infinity; waiting.length > 0 && waiting.length < before;) {
    before = waiting.length;
    waiting = pass({ ...patient, patient: false }, waiting);
  }
  for (const { placed, cause } of waiting) faults.add(cause, madeBy(placed));
};
