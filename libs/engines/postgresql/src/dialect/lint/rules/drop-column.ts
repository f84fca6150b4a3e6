import { isComputedAgain } from '../about/columns.js';
import { rule } from '../rule.js';
import { shown } from '../told.js';
import { isFreshColumn } from '../world/world.js';

/** A column is dropped. */
export const dropColumn = rule({
  id: 'drop-column',
  title: 'A column is dropped',
  severity: 'error',
  hazard: 'data-loss',
  why: 'The values are destroyed and clients that name the column break.',
  fix: 'Stop reading and writing it first, back the column up, then drop.',
  on: ['drop-column'],
  check: ({ table, column }, scene) =>
    isFreshColumn(scene.world, table, column) || isComputedAgain(scene, table, column)
      ? []
      : [
          {
            object: shown(table, column),
            table,
            message: `The column ${shown(table, column)} is dropped with its values`,
          },
        ],
});
