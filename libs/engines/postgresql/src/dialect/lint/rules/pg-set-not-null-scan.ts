import { shortest } from '../../identifiers.js';
import { newNotNulls } from '../about/constraints.js';
import { rule } from '../rule.js';
import { shown } from '../told.js';

/** SET NOT NULL reads the table under an exclusive lock. */
export const pgSetNotNullScan = rule({
  id: 'pg-set-not-null-scan',
  title: 'SET NOT NULL reads the table under an exclusive lock',
  severity: 'error',
  hazard: 'lock',
  why: 'All rows are read under an exclusive lock.',
  fix: 'Prove it by a validated check first.',
  scales: true,
  on: ['set-not-null', 'add-constraint'],
  check: (act, scene) =>
    newNotNulls(act, scene)
      .filter(({ checked }) => checked)
      .map(({ column }) => ({
        object: shown(act.table, column),
        table: act.table,
        message: `All rows are read to prove that ${shown(act.table, column)} is never NULL`,
        ...(scene.version >= 18
          ? {
              fix: `ADD CONSTRAINT ... NOT NULL ${shortest(column)} NOT VALID, then VALIDATE CONSTRAINT in a later transaction.`,
            }
          : {
              fix: `ADD CONSTRAINT ... CHECK (${shortest(column)} IS NOT NULL) NOT VALID; VALIDATE CONSTRAINT in a later transaction; then SET NOT NULL and drop the check.`,
            }),
      })),
});
