import { rule } from '../rule.js';

export const widenTypeRewrite = rule({
  id: 'widen-type-rewrite',
  title: 'A safe type change copies the table',
  severity: 'warning',
  hazard: 'rewrite',
  breaks: [],
  bump: 'minor',
  why: 'The data is safe, but the database copies all rows and keeps the table locked meanwhile.',
  fix: 'Add a new column, fill it in batches and switch, or plan a window for large tables.',
  on: ['change-column-type'],
  check: ({ object, from, to }, { dialect }) => {
    const { effect, rewrite } = dialect.typeChange(from.type, to.type);
    if (!rewrite || effect === 'narrow' || effect === 'family') return [];
    return [{ object, message: `Changing ${object} to ${to.type.native} rewrites the table` }];
  },
});
