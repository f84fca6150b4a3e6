import { shortest, shortestName } from '../../identifiers.js';
import { keyOf } from '../../parse/draft.js';
import type { Full } from '../../parse/names.js';
import type { Act, ActOf, ConstraintFacts, CreateIndex } from '../acts.js';
import { isProvedNotNull } from '../facts.js';
import type { Scene } from '../scene.js';
import { shown } from '../told.js';
import { constraintName, type NamedConstraint } from '../world/apply.js';
import { columnIn, type World } from '../world/world.js';

/** The path of a constraint, by the name that the server gives it where the script gives none. */
export const constraintPath = (table: Full, constraint: NamedConstraint): string =>
  shown(table, constraintName(table, constraint));

/** Constraints that an act makes. */
export const constraintsIn = (act: Act): readonly ConstraintFacts[] => {
  if (act.kind === 'add-constraint') return [act.constraint];
  return act.kind === 'create-table' || act.kind === 'add-column' ? act.constraints : [];
};

/** A column that is NULL in no row from now on, and whether the server reads the rows to see it. */
interface NewNotNull {
  readonly column: string;
  readonly checked: boolean;
}

/** A key made from an index needs columns that are NOT NULL; only columns that are known can be told. */
const keyColumns = (table: Full, usingIndex: string, world: World): readonly string[] =>
  (world.indexes.get(keyOf({ ...table, name: usingIndex }))?.keys ?? []).flatMap((key) => {
    const known = key === undefined ? undefined : columnIn(world, table, key);
    return known?.type !== undefined && !known.notNull ? [known.name] : [];
  });

/** The columns an act makes NOT NULL. */
export const newNotNulls = (
  act: ActOf<'set-not-null'> | ActOf<'add-constraint'>,
  scene: Scene,
): readonly NewNotNull[] => {
  const unproved = (column: string): boolean => !isProvedNotNull(scene, act.table, column);
  if (act.kind === 'set-not-null') return [act.column].filter(unproved).map((column) => ({ column, checked: true }));
  const { kind, columns, notValid, usingIndex } = act.constraint;
  const inIndex =
    kind === 'primary key' && usingIndex !== undefined ? keyColumns(act.table, usingIndex, scene.world) : [];
  const own = kind === 'not null' ? columns : inIndex;
  return own.filter(unproved).map((column) => ({ column, checked: !notValid }));
};

/** Unique keys that an act makes without an index that was built before. */
export const newKeys = (
  act: ActOf<'add-constraint'> | CreateIndex | ActOf<'add-column'>,
): readonly Pick<ConstraintFacts, 'columns' | 'name' | 'kind'>[] => {
  if (act.kind === 'create-index') {
    const columns = act.keys.flatMap((key) => key ?? []);
    return act.unique ? [{ kind: 'unique', columns, ...(act.name === undefined ? {} : { name: act.name }) }] : [];
  }
  return constraintsIn(act).filter(
    ({ kind, usingIndex }) => (kind === 'unique' || kind === 'primary key') && usingIndex === undefined,
  );
};

/** Whether the column is NULL in every row, because the script has just added it. */
export const isEmptyColumn = (world: World, act: Act & { readonly table: Full }, column: string): boolean => {
  if (act.kind === 'add-column' && act.column.name === column)
    return act.column.default === undefined && !act.column.identity && !act.column.serial;
  const known = columnIn(world, act.table, column);
  return known?.fresh === true && !known.default && known.generated === undefined;
};

/** The query that finds duplicates, as the fix of a hit. */
export const duplicatesFix = (table: Full, columns: readonly string[]): { readonly fix?: string } => {
  const list = columns.map(shortest).join(', ');
  const name = shortestName(table.namespace, table.name);
  return columns.length === 0
    ? {}
    : { fix: `Look for duplicates: SELECT ${list}, count(*) FROM ${name} GROUP BY ${list} HAVING count(*) > 1` };
};

/** Whether a check only proved what NOT NULL says by now. */
export const isNotNullProof = (expression: string | undefined, world: World, table: Full): boolean => {
  const column = /^\(?"?([^"()\s]+)"? IS NOT NULL\)?$/.exec(expression ?? '')?.[1];
  return column !== undefined && columnIn(world, table, column)?.notNull === true;
};
