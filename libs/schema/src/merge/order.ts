import { equal } from '../equal.js';
import type { Three } from './conflict.js';

/** Names in an order; `clash` where both sides put something at the same place or moved what stays. */
export interface MergedOrder {
  readonly names: readonly string[];
  readonly clash: boolean;
}

type Order = readonly string[];

const among = (order: Order, names: ReadonlySet<string>): Order => order.filter((name) => names.has(name));

/** What stands in front of each kept name, and behind the last one. */
const gaps = (order: Order, kept: ReadonlySet<string>): readonly Order[] => {
  const found: string[][] = [[]];
  for (const name of order) {
    if (kept.has(name)) found.push([]);
    else found.at(-1)!.push(name);
  }
  return found;
};

const behind = (order: Order, name: string, names: Order): number => {
  for (let at = order.indexOf(name) - 1; at >= 0; at -= 1) {
    const place = names.indexOf(order[at]!);
    if (place >= 0) return place + 1;
  }
  return 0;
};

/** `order` with what else shall be there, each behind the one it stands behind in `other`. */
const inserted = (order: Order, other: Order, wanted: ReadonlySet<string>): Order => {
  const names = [...order];
  for (const name of other)
    if (wanted.has(name) && !names.includes(name)) names.splice(behind(other, name, names), 0, name);
  return names;
};

const interleaved = (kept: Order, ours: readonly Order[], theirs: readonly Order[]): MergedOrder => {
  const names: string[] = [];
  let clash = false;
  ours.forEach((mine, at) => {
    const other = theirs[at] ?? [];
    clash ||= mine.length > 0 && other.length > 0 && !equal(mine, other);
    names.push(...mine, ...other.filter((name) => !mine.includes(name)));
    if (at < kept.length) names.push(kept[at]!);
  });
  return { names, clash: clash || new Set(names).size !== names.length };
};

/**
 * The names that stay, in the order of the side that changed it; what both sides added at one place stands ours first.
 * `wanted` are the names that stay. O(names²) in the worst case of both sides reordering, else O(names).
 */
export const mergeOrder = ({ base = [], ours = [], theirs = [] }: Three<Order>, wanted: Order): MergedOrder => {
  const stay = new Set(wanted);
  if (equal(ours, theirs) || equal(base, theirs))
    return { names: inserted(among(ours, stay), theirs, stay), clash: false };
  if (equal(base, ours)) return { names: inserted(among(theirs, stay), ours, stay), clash: false };
  const [mine, other] = [new Set(ours), new Set(theirs)];
  const kept = base.filter((name) => mine.has(name) && other.has(name));
  const common = new Set(kept);
  if (!equal(among(ours, common), kept) || !equal(among(theirs, common), kept))
    return { names: inserted(among(ours, stay), theirs, stay), clash: true };
  const { names, clash } = interleaved(kept, gaps(ours, common), gaps(theirs, common));
  return { names: [...new Set(names)].filter((name) => stay.has(name)), clash };
};
