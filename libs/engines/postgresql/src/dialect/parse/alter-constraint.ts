import type { ATAlterConstraint } from '@pgsql/types';
import { type Attributes, pathOf, type Table } from '@dsem/schema';
import { contradict, type Draft, putTable, type Site, tableOf } from './draft.js';
import type { Full } from './names.js';
import { alterNotNull } from './not-null.js';

const altered = (
  attributes: Attributes | undefined,
  change: ATAlterConstraint,
): { readonly attributes?: Attributes } => {
  const { deferrable: _d, initiallyDeferred: _i, notEnforced: _n, ...rest } = attributes ?? {};
  const deferral = change.alterDeferrability
    ? {
        ...(change.deferrable ? { deferrable: true } : {}),
        ...(change.initdeferred ? { initiallyDeferred: true } : {}),
      }
    : { ...(_d ? { deferrable: true } : {}), ...(_i ? { initiallyDeferred: true } : {}) };
  const isEnforced = change.alterEnforceability ? (change.is_enforced ?? false) : _n === undefined;
  const made = { ...rest, ...deferral, ...(isEnforced ? {} : { notEnforced: true }) };
  return Object.keys(made).length === 0 ? {} : { attributes: made };
};

/** ALTER CONSTRAINT, which the server has for foreign keys. */
export const alterConstraint = (draft: Draft, name: Full, change: ATAlterConstraint, site: Site): void => {
  const table: Table = tableOf(draft, name, site);
  const path = pathOf(name, change.conname ?? '');
  if (alterNotNull(draft, table, change)) return;
  if (!table.foreignKeys.some((key) => key.name === change.conname))
    contradict(`The foreign key ${path} is not defined.`, path, site);
  const foreignKeys = table.foreignKeys.map((key) => {
    const { attributes, ...rest } = key;
    return key.name === change.conname ? { ...rest, ...altered(attributes, change) } : key;
  });
  putTable(draft, { ...table, foreignKeys });
};
