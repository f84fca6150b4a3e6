import type { Node, TypeName } from '@pgsql/types';
import { UnsupportedDefinition } from '@dsem/schema';
import { printTree, typeTree } from './grammar.js';
import { shortestName } from './identifiers.js';
import { builtinName, defaultNamespace, grammarPrefixed, isBuiltin } from './types.js';

/** The text of a `String` node list such as a qualified name. */
export const nameParts = (nodes: readonly Node[] | undefined): readonly string[] =>
  (nodes ?? []).map((node) => ('String' in node ? (node.String.sval ?? '') : ''));

interface BaseType {
  readonly builtin: boolean;
  readonly namespace: string;
  readonly name: string;
}

/** Which type a name means under the search path of a definition. */
export const baseType = (type: TypeName): BaseType => {
  const parts = nameParts(type.names);
  const name = parts.at(-1) ?? '';
  const namespace = parts.length > 1 ? parts.at(-2) : undefined;
  const builtin = namespace === 'pg_catalog' || (namespace === undefined && isBuiltin(name));
  return { builtin, namespace: builtin ? 'pg_catalog' : (namespace ?? defaultNamespace), name };
};

const intervalFields: { readonly [mask: string]: string } = {
  '4': ' year',
  '2': ' month',
  '8': ' day',
  '1024': ' hour',
  '2048': ' minute',
  '4096': ' second',
  '6': ' year to month',
  '1032': ' day to hour',
  '3080': ' day to minute',
  '7176': ' day to second',
  '3072': ' hour to minute',
  '7168': ' hour to second',
  '6144': ' minute to second',
  '32767': '',
};

const intervalName = ([mask, precision]: readonly string[]): string =>
  `interval${mask === undefined ? '' : (intervalFields[mask] ?? '')}${precision === undefined ? '' : `(${precision})`}`;

/** `format_type` spelling, user types always qualified. */
export const typeText = (type: TypeName): string => {
  if (type.setof || type.pct_type) throw new UnsupportedDefinition(`The type of a column cannot be a set or %TYPE.`);
  const base = baseType(type);
  const mods = (type.typmods ?? []).map(printTree);
  const suffix = mods.length === 0 ? '' : `(${mods.join(',')})`;
  const builtin = base.name === 'interval' ? intervalName(mods) : builtinName(base.name, mods);
  const text = base.builtin ? builtin : `${shortestName(base.namespace, base.name)}${suffix}`;
  return `${text}${(type.arrayBounds ?? []).length > 0 ? '[]' : ''}`;
};

const spelled = new Map<string, string>();

/** Brings any spelling of a type (`varchar(40)`, `int`) to that of `format_type`. Remembered per text. */
export const normalTypeText = (native: string): string => {
  const known = spelled.get(native);
  if (known !== undefined) return known;
  const text = typeText(typeTree(native));
  if (spelled.size > 10_000) spelled.clear();
  spelled.set(native, text);
  return text;
};

/** Rewrites a type name inside an expression so that all spellings of one type give one tree. */
export const canonicalTypeName = (type: TypeName): TypeName => {
  const base = baseType(type);
  const prefixed = !base.builtin || grammarPrefixed.has(base.name);
  const parts = prefixed ? [base.namespace, base.name] : [base.name];
  return { ...type, names: parts.map((sval) => ({ String: { sval } })) };
};
