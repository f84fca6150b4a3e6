import type { AlterTableCmd, TypeName } from '@pgsql/types';
import { type Column, pathOf, type StructType, type Table } from '@dsem/schema';
import { tablesOfType, typedRefusal, typeOfTable } from '../typed-tables.js';
import { baseType, typeText } from '../type-names.js';
import { contradict, type Draft, putTable, type Site, tableOf, typeOf } from './draft.js';
import { withoutAttribute } from './marks.js';
import type { Full } from './names.js';

interface Target {
  readonly draft: Draft;
  readonly name: Full;
  readonly site: Site;
}

const structNamed = (draft: Draft, name: TypeName, site: Site): StructType => {
  const type = typeOf(draft, baseType(name), site);
  return type.kind === 'struct'
    ? type
    : contradict(`The type ${pathOf(type)} is not a composite type.`, pathOf(type), site);
};

const columnOf = ({ name, type, attributes }: Column): Column => ({
  name,
  type,
  nullable: true,
  ...(attributes ? { attributes } : {}),
});

/** The columns that a table of a type has from it; none for every other table. */
export const columnsOfType = (draft: Draft, name: TypeName | undefined, site: Site): readonly Column[] =>
  name === undefined ? [] : structNamed(draft, name, site).fields.map(columnOf);

const sameColumns = (table: Table, type: StructType): boolean =>
  table.columns.length === type.fields.length &&
  table.columns.every(({ name, type: { native } }, at) => {
    const field = type.fields[at];
    return field?.name === name && field.type.native === native;
  });

/** ALTER TABLE ... OF. */
export const putOfType = ({ draft, name, site }: Target, { def }: AlterTableCmd): void => {
  if (!def || !('TypeName' in def)) return;
  const [table, type] = [tableOf(draft, name, site), structNamed(draft, def.TypeName, site)];
  const path = pathOf(name);
  if (!sameColumns(table, type))
    contradict(`The columns of ${path} are not those of the type ${pathOf(type)}, in its order.`, path, site);
  putTable(draft, { ...table, attributes: { ...table.attributes, ofType: typeText(def.TypeName) } });
};

/** ALTER TABLE ... NOT OF. */
export const takeOffType = ({ draft, name, site }: Target): void => {
  const table = tableOf(draft, name, site);
  if (typeOfTable(table) === undefined) contradict(`The table ${pathOf(name)} is not typed.`, pathOf(name), site);
  putTable(draft, withoutAttribute(table, 'ofType'));
};

/** @throws InconsistentDefinition for a typed table, whose columns only its type can change */
export const refuseTyped = (draft: Draft, name: Full, site: Site): void => {
  const table = tableOf(draft, name, site);
  if (typeOfTable(table) === undefined) return;
  const path = pathOf(name);
  contradict(`${path} is typed, so its columns are those of its type; take it off the type first.`, path, site);
};

/** @throws InconsistentDefinition for a type that tables are made of */
export const refuseTypeOfTables = (draft: Draft, type: Full, site: Site): void => {
  const [table] = tablesOfType(draft.tables.values(), type);
  if (table !== undefined)
    contradict(`The type ${pathOf(type)} cannot change: ${typedRefusal(table)}.`, pathOf(type), site);
};
