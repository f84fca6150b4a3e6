import { keyOf } from '../../parse/draft.js';
import { rule } from '../rule.js';
import { shown } from '../told.js';

/** A unique index is dropped. */
export const dropUniqueIndex = rule({
  id: 'drop-unique-index',
  title: 'A unique index is dropped',
  severity: 'warning',
  hazard: 'breaks-clients',
  why: 'Duplicates can appear.',
  fix: 'Check the readers.',
  on: ['drop'],
  check: ({ what, name }, { world }) => {
    const index = what === 'index' ? world.indexes.get(keyOf(name)) : undefined;
    return index?.unique === true && index.valid && !index.fresh
      ? [{ object: shown(name), table: index.table, message: `The unique index ${shown(name)} is dropped` }]
      : [];
  },
});
