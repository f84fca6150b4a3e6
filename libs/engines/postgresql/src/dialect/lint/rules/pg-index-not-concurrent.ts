import { isIndexedBelow } from '../about/partitions.js';
import { rule } from '../rule.js';
import { shown } from '../told.js';
import { tableIn } from '../world/world.js';

/** An index is built while writes wait. */
export const pgIndexNotConcurrent = rule({
  id: 'pg-index-not-concurrent',
  title: 'An index is built while writes wait',
  severity: 'error',
  hazard: 'lock',
  why: 'Writes wait until the index is built.',
  fix: 'Build it concurrently, outside a transaction.',
  scales: true,
  on: ['create-index'],
  check: (act, { world }) => {
    const { table, name, concurrently, only } = act;
    const object = shown({ ...table, name: name ?? table.name });
    if (concurrently || (only && tableIn(world, table).partitioned) || isIndexedBelow(world, act)) return [];
    const parted = tableIn(world, table).partitioned
      ? {
          fix: 'CREATE INDEX ON ONLY the parent, build one concurrently on each partition, then ALTER INDEX ... ATTACH PARTITION.',
        }
      : {};
    return [
      { object, table, message: `Writes to ${shown(table)} wait until ${name ?? 'the index'} is built`, ...parted },
    ];
  },
});
