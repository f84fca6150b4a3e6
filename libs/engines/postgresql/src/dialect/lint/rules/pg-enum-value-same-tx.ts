import { stringsIn } from '../read/data.js';
import { rule } from '../rule.js';
import { shown } from '../told.js';

/** A new enum label is used in the transaction that added it. */
export const pgEnumValueSameTx = rule({
  id: 'pg-enum-value-same-tx',
  title: 'A new enum label is used in the transaction that added it',
  severity: 'error',
  hazard: 'transaction',
  why: 'The server refuses it: "unsafe use of new value".',
  fix: 'Commit after ADD VALUE, then use the label.',
  on: ['write', 'query', 'create-table', 'add-column', 'set-default', 'add-constraint', 'create-index', 'create-view'],
  check: (act, { session, spot, version }) => {
    const used = new Set([...stringsIn(spot.tree), ...(act.kind === 'write' ? act.strings : [])]);
    return session.transaction === undefined
      ? []
      : session.labels
          .filter(({ value, freshType }) => used.has(value) && !(freshType && version >= 17))
          .map(({ type, value }) => ({
            object: shown(type),
            message: `The label ${value} is used before the transaction that added it has ended`,
          }));
  },
});
