import { rule } from '../rule.js';
import { shown } from '../told.js';
import { columnIn } from '../world/world.js';

/** The expression of a generated column changes. */
export const changeGeneratedExpression = rule({
  id: 'change-generated-expression',
  title: 'The expression of a generated column changes',
  severity: 'warning',
  hazard: 'rewrite',
  why: 'Stored values are computed again for every row.',
  fix: 'Add a new column instead.',
  scales: true,
  on: ['change-expression'],
  check: ({ table, column }, { world }) =>
    columnIn(world, table, column)?.generated === 'virtual'
      ? []
      : [{ object: shown(table, column), table, message: `${shown(table, column)} is computed in another way` }],
});
