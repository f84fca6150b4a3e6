import type { AlterTableCmd } from '@pgsql/types';
import { pathOf } from '@dsem/schema';
import { contradict, type Draft, keyOf, putTable, type Site } from './draft.js';
import { dropColumn } from './drop-parts.js';
import { childrenIn, childrenWithColumn, handDown, tablesBelow, takeBack } from './family.js';
import { asOwn } from './marks.js';
import type { Full } from './names.js';
import { addedAlone } from './partitions.js';

interface Target {
  readonly draft: Draft;
  readonly name: Full;
  readonly site: Site;
}

type Command = (target: Target, command: AlterTableCmd) => void;

/** Commands the server carries out on every table below as well. */
const everywhere = new Set([
  'AT_AlterColumnType',
  'AT_ColumnDefault',
  'AT_SetNotNull',
  'AT_DropNotNull',
  'AT_SetExpression',
  'AT_DropExpression',
  'AT_SetStorage',
  'AT_SetStatistics',
]);

const dropBelow = ({ draft, name, site }: Target, command: AlterTableCmd, only: boolean): void => {
  const column = command.name ?? '';
  for (const child of childrenWithColumn(draft, name, column)) {
    const table = draft.tables.get(keyOf(child));
    if (only && table) {
      const columns = table.columns.map((one) => (one.name === column ? asOwn(one) : one));
      putTable(draft, { ...table, columns });
      continue;
    }
    dropBelow({ draft, name: child, site }, command, false);
    dropColumn(draft, child, column, { ifExists: true, cascade: command.behavior === 'DROP_CASCADE' }, site);
  }
};

const keyNames = (draft: Draft, name: Full): readonly string[] => {
  const table = draft.tables.get(keyOf(name));
  return [...(table?.primaryKey ? [table.primaryKey] : []), ...(table?.uniques ?? [])].map((key) => key.name);
};

const addPart = (target: Target, only: boolean, earlier: readonly string[]): void => {
  const { draft, name } = target;
  if (!only) return handDown(draft, name);
  addedAlone(
    draft,
    name,
    keyNames(draft, name).filter((key) => !earlier.includes(key)),
  );
};

const validateBelow = ({ draft, name }: Target, constraint: string, validate: (name: Full) => void): void => {
  for (const child of tablesBelow(draft, name)) {
    const table = draft.tables.get(keyOf(child));
    if (table?.checks.some((check) => check.name === constraint)) validate(child);
  }
};

/** Carries out one command of ALTER TABLE, and what it means for the tables below; `only` leaves those alone. */
export const alterFamily = (target: Target, given: AlterTableCmd, only: boolean, command: Command): void => {
  const { draft, name } = target;
  const subtype = given.subtype ?? '';
  if (childrenIn(draft, name).length === 0) return command(target, given);
  if (subtype === 'AT_DropColumn') dropBelow(target, given, only);
  const earlier = subtype === 'AT_AddConstraint' ? keyNames(draft, name) : [];
  command(target, given);
  if (subtype === 'AT_AddColumn' && only)
    contradict(`A column must be added to the tables below ${pathOf(name)} too.`, pathOf(name), target.site);
  if (subtype === 'AT_AddColumn' || subtype === 'AT_AddConstraint') return addPart(target, only, earlier);
  if (only) return;
  if (everywhere.has(subtype)) for (const child of tablesBelow(draft, name)) command({ ...target, name: child }, given);
  if (subtype === 'AT_DropConstraint') takeBack(draft, name, given.name ?? '');
  if (subtype === 'AT_ValidateConstraint')
    validateBelow(target, given.name ?? '', (child) => command({ ...target, name: child }, given));
};
