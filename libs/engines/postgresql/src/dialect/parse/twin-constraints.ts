import { equal } from '@dsem/schema';
import type { Written } from './columns.js';

const indexed = new Set(['CONSTR_PRIMARY', 'CONSTR_UNIQUE', 'CONSTR_EXCLUSION']);

/** What the server compares to tell that two constraints of one table need one index only. */
const shapeOf = ({ node, column }: Written): unknown => ({
  keys: node.keys ?? [{ String: { sval: column } }],
  exclusions: node.exclusions?.map(withoutPlace),
  including: node.including ?? [],
  where: node.where_clause && withoutPlace(node.where_clause),
  method: node.access_method ?? 'btree',
  flags: [node.nulls_not_distinct, node.deferrable, node.initdeferred, node.without_overlaps].map(
    (one) => one === true,
  ),
});

const withoutPlace = (node: unknown): unknown =>
  JSON.parse(JSON.stringify(node, (key, value: unknown) => (key === 'location' ? undefined : value)));

/**
 * The constraints of CREATE TABLE without those that say the same as an earlier key, unique or exclusion constraint: the
 * server drops them without a word, and gives their name to one that has none.
 */
export const withoutTwins = (written: readonly Written[]): readonly Written[] => {
  const kept: Written[] = [];
  for (const one of written) {
    const shape = indexed.has(one.node.contype ?? '') && one.node.indexname === undefined ? shapeOf(one) : undefined;
    const at =
      shape === undefined
        ? -1
        : kept.findIndex((other) => indexed.has(other.node.contype ?? '') && equal(shapeOf(other), shape));
    const twin = kept[at];
    if (twin === undefined) kept.push(one);
    else if (twin.node.conname === undefined && one.node.conname !== undefined)
      kept[at] = { ...twin, node: { ...twin.node, conname: one.node.conname } };
  }
  return kept;
};
