import { pathOf, type Schema, type Table, type TypeDefinition } from '@dsem/schema';
import { shortestName } from './identifiers.js';
import { defaultNamespace } from './types.js';

/** The composite type whose attributes are the columns of a typed table. */
export const typeOfTable = ({ attributes }: Pick<Table, 'attributes'>): string | undefined => {
  const native = attributes?.['ofType'];
  return typeof native === 'string' ? native : undefined;
};

/** The typed tables of a type, by their paths. O(tables). */
export const tablesOfType = (
  tables: Iterable<Table>,
  { namespace, name }: Pick<TypeDefinition, 'namespace' | 'name'>,
): readonly string[] => {
  const native = shortestName(namespace ?? defaultNamespace, name);
  return [...tables].flatMap((table) => (typeOfTable(table) === native ? [pathOf(table)] : []));
};

/** Why columns of a typed table and attributes of its type cannot change. */
export const typedRefusal = (table: string): string =>
  `${table} is a table of this type, whose columns are the type's; take it off the type first (ALTER TABLE … NOT OF)`;

/** Whether a table of a state is typed. */
export const isTyped = (state: Schema, table: string): boolean =>
  state.tables.some((one) => typeOfTable(one) !== undefined && pathOf(one) === table);
