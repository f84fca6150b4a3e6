import type { Node, SelectStmt } from '@pgsql/types';
import type { Table, TypeDefinition, View } from '@dsem/schema';
import { collationSpelling } from '../collations.js';
import { expressionTree, printTree, queryTree, typeTree } from '../grammar.js';
import { shortestName, splitName } from '../identifiers.js';
import { walk } from '../normalize/tree.js';
import { baseType, nameParts, typeText } from '../type-names.js';
import { defaultNamespace } from '../types.js';
import { type Draft, putTable, putType, putView } from './draft.js';
import { rememberedFrom } from './draft-catalogue.js';
import { type Full, sameName } from './names.js';
import { followInPolicies } from './policies.js';
import { visitRelation } from './query-scopes.js';
import { followInCode } from './follow-code.js';
import { followType } from './object-follow.js';
import { followInRules } from './rules.js';
import { followInStatistics } from './statistics-follow.js';
import type { Fields } from './statement-names.js';
import { bodyOf } from './views.js';

/** An object's new name; texts that name it follow. */
export interface Move {
  readonly kind: 'relation' | 'type' | 'routine' | 'collation';
  readonly from: Full;
  readonly to: Full;
}

const strings = (...parts: readonly string[]): Node[] => parts.map((sval) => ({ String: { sval } }));

const fullOf = (parts: readonly string[]): Full => ({
  namespace: parts.length > 1 ? parts.at(-2)! : defaultNamespace,
  name: parts.at(-1) ?? '',
});

const moveRelation = (fields: Fields, { from, to }: Move): void => {
  if (typeof fields.relname === 'string' && typeof fields.schemaname === 'string') {
    if (!sameName({ namespace: fields.schemaname, name: fields.relname }, from)) return;
    fields.schemaname = to.namespace;
    fields.relname = to.name;
  }
  const name = Array.isArray(fields.funcname) ? (nameParts(fields.funcname as Node[]).at(-1) ?? '') : '';
  if (!['nextval', 'currval', 'setval'].includes(name)) return;
  const [first] = (fields.args ?? []) as Node[];
  const constant = first && 'TypeCast' in first ? first.TypeCast.arg : first;
  if (!constant || !('A_Const' in constant) || !constant.A_Const.sval) return;
  const named = fullOf(splitName(constant.A_Const.sval.sval ?? ''));
  if (sameName(named, from)) constant.A_Const.sval.sval = shortestName(to.namespace, to.name);
};

const moveType = (fields: Fields, { from, to }: Move): void => {
  if (!Array.isArray(fields.names) || !('typemod' in fields)) return;
  const base = baseType(fields as Parameters<typeof baseType>[0]);
  if (!base.builtin && sameName(base, from)) fields.names = strings(to.namespace, to.name);
};

const moveRoutine = (fields: Fields, { from, to }: Move): void => {
  if (!Array.isArray(fields.funcname)) return;
  if (sameName(fullOf(nameParts(fields.funcname as Node[])), from)) fields.funcname = strings(to.namespace, to.name);
};

const moveCollation = (fields: Fields, { from, to }: Move): void => {
  if (!Array.isArray(fields.collname)) return;
  if (sameName(fullOf(nameParts(fields.collname as Node[])), from)) fields.collname = strings(to.namespace, to.name);
};

const movers = { relation: moveRelation, type: moveType, routine: moveRoutine, collation: moveCollation };

const moveInTree = (value: unknown, move: Move): void => {
  if (Array.isArray(value)) for (const one of value) moveInTree(one, move);
  else if (typeof value === 'object' && value !== null) {
    movers[move.kind](value as Fields, move);
    for (const held of Object.values(value)) if (typeof held === 'object') moveInTree(held, move);
  }
};

/** An expression of a table may call a column by the table's name. */
const renameOwner = (tree: Node, { kind, from, to }: Move): void => {
  if (kind !== 'relation') return;
  walk(tree, (node) => {
    if (!('ColumnRef' in node)) return;
    const [owner, ...rest] = nameParts(node.ColumnRef.fields);
    if (owner === from.name && rest.length === 1)
      node.ColumnRef.fields = [...strings(to.name), ...(node.ColumnRef.fields ?? []).slice(1)];
  });
};

/** Rewrites a text by its tree, where the tree changes. */
const moved = (tree: Node, text: string, move: Move): string => {
  const before = JSON.stringify(tree);
  renameOwner(tree, move);
  moveInTree(tree, move);
  return JSON.stringify(tree) === before ? text : printTree(tree);
};

const movedType = (native: string, move: Move): string => {
  if (move.kind !== 'type') return native;
  const tree = typeTree(native);
  moveInTree(tree, move);
  return typeText(tree);
};

const expressions = new Set(['default', 'expression', 'predicate']);

/** A copy in which every expression and type follows; the value itself where nothing names the object. */
const inTexts = <Value>(value: Value, move: Move): Value => {
  if (Array.isArray(value)) return value.map((one) => inTexts<unknown>(one, move)) as Value;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, held]: [string, unknown]) => {
    const named = typeof held === 'string' && held.includes(move.from.name);
    if (named && expressions.has(key)) return [key, moved(expressionTree(held), held, move)];
    if (move.kind === 'collation' && key === 'collation' && held === collationSpelling(move.from))
      return [key, collationSpelling(move.to)];
    if (named && (key === 'native' || key === 'subtype' || key === 'ofType')) return [key, movedType(held, move)];
    return [key, typeof held === 'object' ? inTexts(held, move) : held];
  });
  return Object.fromEntries(entries) as Value;
};

const texts = new WeakMap<object, string>();

/** Whether an object's description holds a name anywhere; a quick answer before its texts are read. */
export const mentions = (value: object, name: string): boolean => {
  const known = texts.get(value) ?? JSON.stringify(value);
  texts.set(value, known);
  return known.includes(JSON.stringify(name).slice(1, -1));
};

const names = (value: object, move: Move): boolean => mentions(value, move.from.name);

/** A relation read under its own name is called by its new name afterwards. */
const renameAlias = (query: SelectStmt, { from, to }: Move): void =>
  visitRelation(query, from, {
    reference: (reference, _column, named) => {
      if (named) reference.fields = [...strings(to.name), ...(reference.fields ?? []).slice(1)];
    },
  });

const moveInQuery = (query: SelectStmt, move: Move): void => {
  if (move.kind === 'relation') renameAlias(query, move);
  moveInTree(query, move);
};

const inView = (view: View, move: Move): View => {
  const query = queryTree(view.body.text);
  moveInQuery(query, move);
  return { ...view, body: rememberedFrom(view.body, bodyOf(query)) };
};

/** Lets the texts of a draft follow a move: defaults, checks, indexes, types of columns, queries of views. O(draft). */
export const followMove = (draft: Draft, move: Move): void => {
  for (const table of [...draft.tables.values()]) {
    if (names(table, move)) putTable(draft, inTexts<Table>(table, move));
  }
  for (const type of [...draft.types.values()]) {
    if (names(type, move)) putType(draft, inTexts<TypeDefinition>(type, move));
  }
  for (const view of [...draft.views.values()]) if (names(view, move)) putView(draft, inView(view, move));
  followInPolicies(draft, move, (query) => moveInQuery(query, move));
  if (move.kind === 'type') followType(draft, (tree) => moveInTree(tree, move));
  followInStatistics(draft, move.from.name, (tree) => moveInTree(tree, move));
  followInRules(draft, move, (tree) => moveInTree(tree, move));
  followInCode(
    draft,
    (value) => names(value, move),
    (tree) => moveInTree(tree, move),
  );
};
