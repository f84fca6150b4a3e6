import type { ColumnRef, JoinExpr, Node, RangeVar, SelectStmt } from '@pgsql/types';
import { nameParts } from '../type-names.js';
import { defaultNamespace } from '../types.js';
import { type Full, sameName } from './names.js';
import type { Fields } from './statement-names.js';

/** What is told while a query whose names are resolved is walked, about one relation it reads. */
export interface Visitor {
  /** A place where the relation is read. */
  readonly source?: (relation: RangeVar) => void;
  /** A reference `alias.column` to the relation; `named` where it was read without an alias. */
  readonly reference?: (reference: ColumnRef, column: string, named: boolean) => void;
  /** A join that merges columns by name, with the relation somewhere inside. */
  readonly merge?: (join: JoinExpr) => void;
}

/** Aliases that mean the relation here; the value tells whether the alias is the relation's own name. */
type Aliases = ReadonlyMap<string, boolean>;

const isSelect = (value: Fields): boolean => typeof value.op === 'string' && value.op.startsWith('SETOP_');

const ofRelation = (relation: RangeVar, name: Full): boolean =>
  sameName({ namespace: relation.schemaname ?? defaultNamespace, name: relation.relname ?? '' }, name) &&
  relation.schemaname !== undefined;

const sourcesOf = (node: Node | undefined, name: Full): readonly (readonly [string, boolean | undefined])[] => {
  if (!node) return [];
  if ('JoinExpr' in node) return [...sourcesOf(node.JoinExpr.larg, name), ...sourcesOf(node.JoinExpr.rarg, name)];
  if ('RangeVar' in node) {
    const { alias, relname = '' } = node.RangeVar;
    const meant = ofRelation(node.RangeVar, name) ? alias === undefined : undefined;
    return [[alias?.aliasname ?? relname, meant]];
  }
  const range = Object.values(node)[0] as { readonly alias?: { readonly aliasname?: string } };
  return range.alias?.aliasname === undefined ? [] : [[range.alias.aliasname, undefined]];
};

const inside = (select: SelectStmt, outer: Aliases, name: Full): Aliases => {
  const aliases = new Map(outer);
  for (const [alias, meant] of (select.fromClause ?? []).flatMap((node) => sourcesOf(node, name))) {
    if (meant === undefined) aliases.delete(alias);
    else aliases.set(alias, meant);
  }
  return aliases;
};

const seeReference = (reference: ColumnRef, aliases: Aliases, visitor: Visitor): void => {
  const [alias = '', column = '', ...more] = nameParts(reference.fields);
  const named = aliases.get(alias);
  if (named !== undefined && more.length === 0) visitor.reference?.(reference, column, named);
};

const seeJoin = (join: JoinExpr, name: Full, visitor: Visitor): void => {
  const merges = join.isNatural || (join.usingClause ?? []).length > 0;
  if (merges && sourcesOf({ JoinExpr: join }, name).some(([, meant]) => meant !== undefined)) visitor.merge?.(join);
};

const walkScopes = (value: unknown, aliases: Aliases, name: Full, visitor: Visitor): void => {
  if (Array.isArray(value)) for (const one of value) walkScopes(one, aliases, name, visitor);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  const fields = value as Fields;
  const scope = isSelect(fields) ? inside(fields as SelectStmt, aliases, name) : aliases;
  if (fields.ColumnRef) seeReference(fields.ColumnRef as ColumnRef, aliases, visitor);
  if (fields.JoinExpr) seeJoin(fields.JoinExpr as JoinExpr, name, visitor);
  if (typeof fields.relname === 'string' && ofRelation(fields as RangeVar, name)) visitor.source?.(fields as RangeVar);
  for (const held of Object.values(fields)) walkScopes(held, scope, name, visitor);
};

/** Walks a query whose names are resolved and tells where one relation and its columns stand. O(nodes). */
export const visitRelation = (query: SelectStmt, name: Full, visitor: Visitor): void =>
  walkScopes(query, new Map(), name, visitor);
