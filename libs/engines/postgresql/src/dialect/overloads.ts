import type { FuncCall, Node } from '@pgsql/types';
import { callReference, type ObjectName, pathOf, type Reference, type Routine } from '@dsem/schema';
import { convertsQuietly, typeOf } from './normalize/infer.js';
import { nowhere } from './normalize/scope.js';
import { nameOf } from './parse/names.js';
import { nameParts } from './type-names.js';
import { attributesAs, type RoutineArgument, type RoutineAttributes } from './types/code.js';

/** An argument of a call: its type where the text alone tells it, its name where it is given by name, or the column it is. */
interface Argument {
  readonly type?: string;
  readonly name?: string;
  readonly column?: string;
}

/** A call as `uses` tells it: its arguments, or null where it may mean any overload. */
type Call = readonly Argument[] | null;

const told = (node: Node): string | undefined =>
  'TypeCast' in node || 'A_Const' in node || 'SQLValueFunction' in node ? typeOf(node, nowhere) : undefined;

const argumentOf = (node: Node): Argument => {
  if ('NamedArgExpr' in node) {
    const { arg, name } = node.NamedArgExpr;
    return { ...(arg ? argumentOf(arg) : {}), ...(name === undefined ? {} : { name }) };
  }
  const column = 'ColumnRef' in node ? nameParts(node.ColumnRef.fields).at(-1) : undefined;
  if (column) return { column };
  const type = told(node);
  return type === undefined ? {} : { type };
};

const reference = (name: ObjectName, call: Call): Reference => callReference(name, JSON.stringify(call));

/** A call of a routine of the user, with what its text tells of the arguments. */
export const callOf = ({ funcname, args = [], func_variadic }: FuncCall): readonly Reference[] => {
  const parts = nameParts(funcname);
  if (parts.length < 2 || parts[0] === 'pg_catalog') return [];
  return [reference(nameOf(parts), func_variadic ? null : args.map(argumentOf))];
};

/** A name that may mean any overload. */
export const callOfAny = (name: ObjectName): Reference => reference(name, null);

/** A call without arguments, by the path of the routine. */
export const callWithout = (path: string): Reference => `call ${path} []`;

/** Types whose implicit casts `convertsQuietly` knows. */
const known = new Set([
  ...[
    'smallint',
    'integer',
    'bigint',
    'numeric',
    'real',
    'double precision',
    'boolean',
    'uuid',
    'json',
    'jsonb',
    'bytea',
  ],
  ...['text', 'character varying', 'character', 'date', 'timestamp with time zone', 'timestamp without time zone'],
]);

const takes = ({ type: to }: RoutineArgument, { type: from }: Argument): boolean =>
  from === undefined || from === to || !known.has(from) || !known.has(to) || convertsQuietly(from, to);

const inputsOf = (routine: Routine): readonly RoutineArgument[] =>
  (attributesAs<RoutineAttributes>(routine).arguments ?? []).filter(({ mode }) => mode !== 'out' && mode !== 'table');

/** Whether a call may mean the routine: as the server chooses, by number, names and types of arguments. */
const mayMean = (call: Call, routine: Routine): boolean => {
  const inputs = inputsOf(routine);
  if (call === null || routine.kind !== 'function' || inputs.some(({ mode }) => mode === 'variadic')) return true;
  const required = inputs.filter(({ default: value }) => value === undefined).length;
  if (call.length > inputs.length || call.length < required) return false;
  return call.every((given, at) => {
    const found = given.name === undefined ? inputs[at] : inputs.find(({ name }) => name === given.name);
    return found !== undefined && takes(found, given);
  });
};

const callsOf = (names: readonly Reference[], routine: Routine): readonly Call[] => {
  const start = `call ${pathOf(routine)} `;
  return names.filter((name) => name.startsWith(start)).map((name) => JSON.parse(name.slice(start.length)) as Call);
};

/** Whether what names a routine can only mean other overloads of its name. O(names). */
export const callsOnlyOthers = (names: readonly Reference[], routine: Routine): boolean => {
  const calls = callsOf(names, routine);
  return calls.length > 0 && !calls.some((call) => mayMean(call, routine));
};

/** What a column means where a call stands; undefined where only the server knows. */
export type ColumnType = (column: string) => string | undefined;

const typed = (call: Call, columnType: ColumnType): Call =>
  call?.map(({ column, ...rest }) => {
    const type = column === undefined ? undefined : columnType(column);
    return type === undefined ? rest : { ...rest, type };
  }) ?? null;

/** Whether a call has the very types of a routine, which wins over every other overload. */
const fits = (call: Call, routine: Routine): boolean => {
  const inputs = inputsOf(routine);
  return call !== null && call.length === inputs.length && call.every(({ type }, at) => type === inputs[at]!.type);
};

/** Whether what names a routine goes on meaning what it means when this overload comes. O(names x overloads). */
export const keepsMeaning = (
  names: readonly Reference[],
  added: Routine,
  overloads: readonly Routine[],
  columnType: ColumnType,
): boolean =>
  callsOf(names, added)
    .map((call) => typed(call, columnType))
    .every((call) => !mayMean(call, added) || overloads.some((one) => fits(call, one)));
