import type { FuncCall, Node } from '@pgsql/types';
import { callReference, type ObjectName, pathOf, type Reference, type Routine } from '@dsem/schema';
import { convertsQuietly, typeOf } from './normalize/infer.js';
import { nowhere } from './normalize/scope.js';
import { nameOf } from './parse/names.js';
import { nameParts } from './type-names.js';
import { attributesAs, type RoutineArgument, type RoutineAttributes } from './types/code.js';

/** An argument of a call: its type where the text alone tells it, and its name where it is given by name. */
interface Argument {
  readonly type?: string;
  readonly name?: string;
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

/** Whether a call may mean the routine: as the server chooses, by number, names and types of arguments. */
const mayMean = (call: Call, routine: Routine): boolean => {
  const all = attributesAs<RoutineAttributes>(routine).arguments ?? [];
  const inputs = all.filter(({ mode }) => mode !== 'out' && mode !== 'table');
  if (call === null || routine.kind !== 'function' || inputs.some(({ mode }) => mode === 'variadic')) return true;
  const required = inputs.filter(({ default: value }) => value === undefined).length;
  if (call.length > inputs.length || call.length < required) return false;
  return call.every((given, at) => {
    const found = given.name === undefined ? inputs[at] : inputs.find(({ name }) => name === given.name);
    return found !== undefined && takes(found, given);
  });
};

/** Whether what names a routine can only mean other overloads of its name. O(names). */
export const callsOnlyOthers = (names: readonly Reference[], routine: Routine): boolean => {
  const start = `call ${pathOf(routine)} `;
  const calls = names
    .filter((name) => name.startsWith(start))
    .map((name) => JSON.parse(name.slice(start.length)) as Call);
  return calls.length > 0 && !calls.some((call) => mayMean(call, routine));
};
