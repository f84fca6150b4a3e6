import type { Pin, RenderContext } from '@dsem/engine';
import {
  type Change,
  type ChangeOf,
  type Column,
  columnReference,
  descendantsOf,
  hardUses,
  type ObjectName,
  knownAs,
  overloadReference,
  pathOf,
  relationReference,
  type Routine,
  routineReference,
  type Standing,
  typeReference,
  type View,
} from '@dsem/schema';
import { recomputed } from './recomputed.js';
import { columnTypesAt } from './call-columns.js';
import { callsOnlyOthers, keepsMeaning } from './overloads.js';
import { definitionOf, objectKinds } from './objects.js';
import { isOnType } from './owners.js';
import { typeReferences } from './references.js';
import { isReplaced } from './replaced.js';
import { isRemadeOperator } from './render/operators.js';
import { isMadeAnew } from './render/routines.js';
import { isRebuilt } from './render/types.js';
import { isReplaceable, keepsQuery } from './render/views.js';
import type { StatisticsDefinition } from './statistics.js';
import { rangeOf } from './types/ranges.js';
import { uses } from './uses.js';
import { columnsOfTypes, madeOf, spellingsOf } from './type-users.js';

const retyped = (from: Column, to: Column): boolean =>
  from.type.native !== to.type.native || from.attributes?.['collation'] !== to.attributes?.['collation'];

const replacedView = (from: View, to: View, { state }: RenderContext): readonly Pin[] => {
  if (keepsQuery(from, to) || isReplaceable(from, to, state)) return [];
  return [relationReference(from), typeReference(from)].map((reference) => ({ reference, replaced: true }));
};

/** The column of the table and of every table below, which changes along. */
const columnPins = (table: ObjectName, column: string, { state }: RenderContext): readonly Pin[] =>
  [table, ...descendantsOf(state, table)].map((one) => ({ reference: columnReference(one, column), replaced: false }));

/** Keys and indexes of plain columns are built anew by the server when the column gets another type. */
const isPlainKey = (user: Standing): boolean => {
  if (user.kind === 'drop-primary-key' || user.kind === 'drop-unique') return true;
  if (user.kind !== 'drop-index') return false;
  return user.index.predicate === undefined && user.index.keys.every(({ expression }) => expression === undefined);
};

const integers = new Set(['smallint', 'integer', 'bigint']);

/** The type without what stands in parentheses; one name for all integers, whose constants need no cast. */
const family = ({ type }: Column): string => {
  const name = type.native.replaceAll(/\([^)]*\)/g, '');
  return integers.has(name) ? 'integer' : name;
};

const parts: ReadonlySet<Standing['kind']> = new Set([
  'drop-primary-key',
  'drop-unique',
  'drop-foreign-key',
  'drop-check',
  'drop-index',
  'drop-grant',
]);

/** Statistics objects of plain columns: the server counts anew, but forgets a target. */
const isCounted = (user: Standing): boolean => {
  if (user.kind !== 'drop-object' || user.value.kind !== objectKinds.statistics.kind) return false;
  const { expressions = [], target } = definitionOf<StatisticsDefinition>(user.value);
  return expressions.length === 0 && target === undefined;
};

/** What the server may carry along; code that names a column never is. */
const isPart = (user: Standing): boolean => parts.has(user.kind) || isCounted(user);

const isWritten = (user: Standing): boolean =>
  user.kind === 'drop-check' || (user.kind === 'drop-index' && !isPlainKey(user));

/**
 * A column of another kind. The server keeps the casts of the old type in conditions and expressions that it carries
 * along, and checks and builds them anew all the same: they step aside and come back as they are written.
 */
const retypedPins = (change: ChangeOf<'alter-column' | 'change-column-type'>, context: RenderContext) => {
  const { from, to, table } = change;
  if (!retyped(from, to)) return [];
  const held = columnPins(table, from.name, context).map((pin): Pin => ({ ...pin, carries: isCounted }));
  if (family(from) === family(to)) return held;
  return held.map((pin) => ({ ...pin, replaced: true, carries: (user: Standing) => isPart(user) && !isWritten(user) }));
};

/** Privileges on a table or a column outlive another type of the column; those on the type itself do not. */
const isElsewhere = (user: Standing): boolean => user.kind === 'drop-grant' && !isOnType(user.grant);

/**
 * A new type takes the place of the old one: whatever names it or a column of it makes way; keys too where the values
 * wait as texts in between, as those of ranges do.
 */
const rebuiltType = (change: ChangeOf<'alter-type'>, { state }: RenderContext): readonly Pin[] => {
  if (!isRebuilt(change, state)) return [];
  const types = [change.from, ...madeOf(change.from, state)];
  const isInOnePass = types.every((type) => rangeOf(type) === undefined);
  const carries = (user: Standing): boolean => isElsewhere(user) || (isInOnePass && isPlainKey(user));
  return [
    ...types.flatMap(spellingsOf).flatMap(typeReferences),
    ...columnsOfTypes(types, state).map(({ table, column }) => columnReference(table, column.name)),
  ].map((reference) => ({ reference, replaced: true, carries }));
};

/** What cannot change gives way to a new object. */
const replacedObject = ({ from, to }: ChangeOf<'alter-object'>, context: RenderContext): readonly Pin[] =>
  isReplaced(from, to) || isRemadeOperator(from, to, context) ? [{ reference: knownAs(from), replaced: true }] : [];

/** Callers of a routine that goes, but for those that can only mean another overload. */
const routinePin = (routine: Routine): Pin => ({
  reference: routineReference(routine),
  replaced: true,
  carries: (user) => callsOnlyOthers(hardUses(user, uses), routine),
});

/**
 * Callers that would mean an overload that comes: the server goes on with the one it found when they were made, until
 * they are made again.
 */
const overloadPins = (routine: Routine, { state }: RenderContext): readonly Pin[] => {
  const path = pathOf(routine);
  const overloads = state.routines.filter((one) => pathOf(one) === path);
  if (overloads.length === 0 || routine.kind === 'procedure') return [];
  const carries = (user: Standing): boolean =>
    keepsMeaning(hardUses(user, uses), routine, overloads, columnTypesAt(user, state));
  return [{ reference: routineReference(routine), replaced: true, carries }];
};

/**
 * What a change pins: the server refuses to change the type of a column that a view, a rule, a policy, a trigger or a
 * generated column names, and to drop what others name. O(change).
 */
export const pins = (change: Change, context: RenderContext): readonly Pin[] => {
  switch (change.kind) {
    case 'change-column-type':
    case 'alter-column':
      return retypedPins(change, context);
    case 'change-generated':
      return recomputed(change.from, change.to, context.version)
        ? columnPins(change.table, change.from.name, context).map((pin) => ({ ...pin, replaced: true }))
        : [];
    case 'rename-column':
      return columnPins(change.table, change.from, context);
    case 'rename-table':
      return [{ reference: relationReference(change.from), replaced: false }];
    case 'alter-routine':
      return isMadeAnew(change.from, change.to)
        ? [routinePin(change.from), { reference: overloadReference(change.from), replaced: true }]
        : [];
    case 'create-routine':
      return overloadPins(change.routine, context);
    case 'drop-routine':
      return [routinePin(change.routine)];
    case 'alter-type':
      return rebuiltType(change, context);
    case 'alter-view':
      return replacedView(change.from, change.to, context);
    case 'alter-object':
      return replacedObject(change, context);
    default:
      return [];
  }
};
