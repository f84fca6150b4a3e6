import type { RenderContext, Statement } from '@dsem/engine';
import {
  descendantsOf,
  equal,
  type Index,
  type ObjectName,
  pathOf,
  type Schema,
  type Table,
  type Unique,
} from '@dsem/schema';
import { partitionCopies } from '../apart.js';
import { asBuilt } from '../as-built.js';
import { identifier, qualified } from '../identifiers.js';
import { standingAs } from '../partition-check.js';
import { statement } from './statement.js';

/** Whether a table of a state is a partitioned one. */
export const isPartitioned = (table: ObjectName, state: Schema): boolean =>
  standingAs(table, state)?.partitioning !== undefined;

const alike = (one: Index, other: Index): boolean => {
  const { name: _, ...first } = asBuilt(one);
  const { name: __, ...second } = asBuilt(other);
  return equal(first, second);
};

/** Whether each partition that holds rows has an index that the server takes for its part, so that nothing is built. */
export const isBuilt = (table: ObjectName, index: Index, state: Schema): boolean =>
  descendantsOf(state, table).every(
    (below) => below.partitioning !== undefined || below.indexes.some((one) => alike(one, index)),
  );

const readyFor = (table: Table | undefined, name: string, key: Unique): Index | undefined =>
  table?.indexes.find((index) => index.name === name && alike(index, unique(key)));

/** Where an index was prepared on every partition, what makes the partitions' keys of them; else nothing. */
export const partitionKeys = (
  table: ObjectName,
  key: Unique,
  kind: 'UNIQUE' | 'PRIMARY KEY',
  { state }: RenderContext,
): readonly Statement[] | undefined => {
  const add = (one: Table): Table =>
    kind === 'UNIQUE' ? { ...one, uniques: [...one.uniques, key] } : { ...one, primaryKey: key };
  const copies = partitionCopies(table, key.name, withPart(state, table, unique(key), add));
  const ready = copies.filter(({ table: below, name }) => readyFor(standingAs(below, state), name, key));
  if (ready.length === 0 || ready.length < copies.length) return undefined;
  return ready.map(({ table: below, name }) =>
    statement(
      `ALTER TABLE ${qualified(below)} ADD CONSTRAINT ${identifier(name)} ${kind} USING INDEX ${identifier(name)}`,
    ),
  );
};

const unique = ({ columns }: Unique): Index => ({
  name: '',
  unique: true,
  keys: columns.map((column) => ({ column })),
});

/** The state as it will be: without the indexes below that are like the new one, whose names its parts take. */
const withPart = (state: Schema, table: ObjectName, shape: Index, add: (table: Table) => Table): Schema => {
  const below = new Set(descendantsOf(state, table));
  return {
    ...state,
    tables: state.tables.map((one) => {
      if (below.has(one)) return { ...one, indexes: one.indexes.filter((index) => !alike(index, shape)) };
      return qualified(one) === qualified(table) ? add(one) : one;
    }),
  };
};

/** An index of a partition that the server would take for its part of a new index of the whole, though it is another one. */
export const takenAlong = (table: ObjectName, index: Index, state: Schema): string | undefined => {
  const after = withPart(state, table, index, (one) => ({ ...one, indexes: [...one.indexes, index] }));
  const parts = new Set(partitionCopies(table, index.name, after).map(({ table: below, name }) => pathOf(below, name)));
  const taken = descendantsOf(state, table).flatMap((below) =>
    below.indexes.filter((one) => alike(one, index)).map((one) => pathOf(below, one.name)),
  );
  return taken.find((path) => !parts.has(path));
};
