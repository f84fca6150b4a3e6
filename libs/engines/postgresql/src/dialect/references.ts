import type { A_Expr, ColumnRef, FuncCall, Node, TypeCast, TypeName } from '@pgsql/types';
import {
  columnReference,
  type Expression,
  objectReference,
  type Reference,
  relationReference,
  routineReference,
  typeReference,
} from '@dsem/schema';
import { castCalled } from './code-objects.js';
import { expressionTree, queryTree, typeTree } from './grammar.js';
import { splitName } from './identifiers.js';
import { callOf, callOfAny } from './overloads.js';
import { relationsIn } from './normalize/relations.js';
import { sqlBodyTree } from './normalize/sql-body.js';
import { stringOf, walk } from './normalize/tree.js';
import { spelledOperator } from './operators.js';
import { nameOf } from './parse/names.js';
import { routineTypeOf } from './parse/routine-type.js';
import { searchFunctions } from './text-search.js';
import { baseType, nameParts } from './type-names.js';

const typeNamed = (type: TypeName): readonly Reference[] => {
  const { builtin, namespace, name } = baseType(type);
  return builtin ? [] : [typeReference({ namespace, name })];
};

/** `'public.s'::regclass` and the like name a relation, routine or type inside a string. */
const namedByConstant = ({ arg, typeName }: TypeCast): readonly Reference[] => {
  const text = stringOf(arg);
  const type = nameParts(typeName?.names).at(-1);
  if (text === undefined || type === undefined) return [];
  const name = nameOf(splitName(text.replace(/\(.*$/s, '')));
  if (type === 'regclass') return [relationReference(name)];
  if (type === 'regconfig') return [objectReference('text-search-configuration', name)];
  if (type === 'regdictionary') return [objectReference('text-search-dictionary', name)];
  if (type === 'regproc' || type === 'regprocedure') return [routineReference(name), callOfAny(name)];
  return type === 'regtype' ? [typeReference(name)] : [];
};

/** A conversion may be by a cast of the user. */
const castNamed = ({ typeName }: TypeCast): readonly Reference[] =>
  typeName === undefined || typeName.setof
    ? []
    : [objectReference('cast', { name: castCalled(routineTypeOf(typeName)) })];

const operatorNamed = ({ name }: A_Expr): readonly Reference[] => {
  const parts = nameParts(name);
  return parts.length > 1 && parts[0] !== 'pg_catalog'
    ? [objectReference('operator', { name: spelledOperator(nameOf(parts)) })]
    : [];
};

const routineNamed = (names: readonly Node[] | undefined): readonly Reference[] => {
  const parts = nameParts(names);
  return parts[0] === 'pg_catalog' ? [] : [routineReference(nameOf(parts))];
};

const configurationNamed = ({ funcname, args = [] }: FuncCall): readonly Reference[] => {
  const text = args.length > 1 && searchFunctions.has(nameParts(funcname).at(-1) ?? '') ? stringOf(args[0]) : undefined;
  return text === undefined ? [] : [objectReference('text-search-configuration', nameOf(splitName(text)))];
};

const namedBy = (node: Node): readonly Reference[] => {
  if ('FuncCall' in node)
    return [...routineNamed(node.FuncCall.funcname), ...callOf(node.FuncCall), ...configurationNamed(node.FuncCall)];
  if ('TypeCast' in node) return [...namedByConstant(node.TypeCast), ...castNamed(node.TypeCast)];
  if ('A_Expr' in node) return operatorNamed(node.A_Expr);
  if ('CollateClause' in node) {
    const parts = nameParts(node.CollateClause.collname);
    return parts[0] === 'pg_catalog' ? [] : [objectReference('collation', nameOf(parts))];
  }
  return [];
};

const typeNamesIn = (tree: unknown): readonly TypeName[] => {
  const found: TypeName[] = [];
  walk(tree, (node) => {
    for (const held of Object.values(node) as readonly unknown[]) {
      const one = (held as { readonly typeName?: TypeName } | undefined)?.typeName;
      if (one) found.push(one);
    }
  });
  return found;
};

const columnsNamed = (tree: unknown): readonly string[] => {
  const found = new Set<string>();
  walk(tree, (node) => {
    if ('ColumnRef' in node) found.add(lastOf(node.ColumnRef));
  });
  return [...found];
};

const lastOf = ({ fields }: ColumnRef): string => {
  const last = fields?.at(-1);
  return last && 'String' in last ? (last.String.sval ?? '') : '*';
};

/** Routines, types, operators, collations and relations that a tree names; relations of queries included. O(nodes). */
export const referencesIn = (tree: unknown): readonly Reference[] => {
  const found: Reference[] = [];
  walk(tree, (node) => found.push(...namedBy(node)));
  return [
    ...found,
    ...typeNamesIn(tree).flatMap(typeNamed),
    ...relationsIn(tree).flatMap((relation) => [
      relationReference(relation),
      ...columnsNamed(tree).map((column) => columnReference(relation, column)),
    ]),
  ];
};

/** What an expression of a table names, the table's own columns included. */
export const expressionReferences = (
  expression: Expression | undefined,
  table?: { readonly namespace?: string; readonly name: string },
): readonly Reference[] => {
  if (expression === undefined) return [];
  const tree = expressionTree(expression);
  const own = table === undefined ? [] : columnsNamed(tree).map((column) => columnReference(table, column));
  return [...referencesIn(tree), ...own];
};

/** What a query names: relations, each with every column name the query mentions, routines, types. */
export const queryReferences = (query: string): readonly Reference[] => referencesIn({ SelectStmt: queryTree(query) });

/** What the SQL body of a routine names. */
export const codeReferences = (body: string): readonly Reference[] => referencesIn(sqlBodyTree(body));

const types = new Map<string, readonly Reference[]>();

/** The user's type behind a native spelling, where it is one. Remembered per text. */
export const typeReferences = (native: string): readonly Reference[] => {
  const known = types.get(native);
  if (known !== undefined) return known;
  const made = typeNamed(typeTree(native));
  if (types.size > 10_000) types.clear();
  types.set(native, made);
  return made;
};
