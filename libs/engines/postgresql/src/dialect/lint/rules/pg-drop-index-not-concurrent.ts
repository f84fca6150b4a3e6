import { keyOf } from '../../parse/draft.js';
import { tableOfIndex } from '../about/indexes.js';
import { rule } from '../rule.js';
import { shown } from '../told.js';

/** An index is dropped under an exclusive lock. */
export const pgDropIndexNotConcurrent = rule({
  id: 'pg-drop-index-not-concurrent',
  title: 'An index is dropped under an exclusive lock',
  severity: 'warning',
  hazard: 'lock',
  why: 'Readers and writers wait for the exclusive lock.',
  fix: 'Drop it concurrently.',
  on: ['drop'],
  check: ({ what, name, concurrently }, { world }) => {
    const index = world.indexes.get(keyOf(name));
    const absent = world.closed && index === undefined;
    return what === 'index' && !concurrently && index?.fresh !== true && !absent
      ? [
          {
            object: shown(name),
            ...tableOfIndex(index),
            message: `Dropping ${shown(name)} waits for everyone who uses the table`,
          },
        ]
      : [];
  },
});
