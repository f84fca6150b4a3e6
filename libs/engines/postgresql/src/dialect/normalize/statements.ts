import type { DeleteStmt, InsertStmt, Node, RangeVar, ResTarget, SelectStmt, UpdateStmt } from '@pgsql/types';
import { defaultNamespace } from '../types.js';
import { withoutColumnCast } from './casts.js';
import type { Catalogue, Outputs } from './catalogue.js';
import { isNull, normalTree } from './expression.js';
import { type Local, nameSources, resolveFrom } from './from-clause.js';
import { resolveNames, resolveSelect } from './query.js';
import type { Findings, Scope, Source } from './query-scope.js';
import type { Surroundings } from './scope.js';

/** What a statement inside code may name beside the relations it reads: arguments, or `new` and `old`. */
export interface Around {
  readonly catalogue: Catalogue;
  readonly sources: readonly Source[];
}

const localOf = ({ catalogue, sources }: Around, findings: Findings): Local => ({
  findings: { ...findings, catalogue },
  common: new Map(),
  outer: { sources, merged: new Map() },
  taken: new Set(),
  shown: new Map(),
  select: resolveSelect,
  names: resolveNames,
});

const targetOf = (relation: RangeVar | undefined, local: Local): Source => {
  const name = relation?.relname ?? '';
  if (relation) relation.schemaname ??= defaultNamespace;
  const namespace = relation?.schemaname ?? defaultNamespace;
  const alias = relation?.alias?.aliasname ?? name;
  return { alias, shown: alias, namespace, columns: local.findings.catalogue.columnsOf({ namespace, name }) };
};

const common = (statement: { readonly withClause?: SelectStmt['withClause'] }, local: Local): void => {
  const withClause = statement.withClause;
  if (!withClause) return;
  const select: SelectStmt = { withClause, op: 'SETOP_NONE', targetList: [] };
  resolveSelect(select, local);
  for (const node of withClause.ctes ?? []) {
    if ('CommonTableExpr' in node) local.common.set(node.CommonTableExpr.ctename ?? '', undefined);
  }
};

/** A value without the cast to its column's type, which it gets anyway. */
const uncast = (node: Node, type: string | undefined): Node => {
  if (type === undefined) return node;
  return 'TypeCast' in node && node.TypeCast.arg && isNull(node) ? node.TypeCast.arg : withoutColumnCast(node, type);
};

/** The columns an INSERT without a list of them fills. */
const insertColumns = (statement: InsertStmt, columns: Outputs | undefined): readonly string[] => {
  const named = (statement.cols ?? []).map((node) => ('ResTarget' in node ? (node.ResTarget.name ?? '') : ''));
  if (named.length > 0 || !columns) return named;
  const query = statement.selectStmt && 'SelectStmt' in statement.selectStmt ? statement.selectStmt.SelectStmt : {};
  const [row] = query.valuesLists ?? [];
  const count = row && 'List' in row ? (row.List.items ?? []).length : (query.targetList ?? []).length;
  return columns.slice(0, count).map(([name]) => name);
};

const insert = (statement: InsertStmt, local: Local): void => {
  const target = targetOf(statement.relation, local);
  common(statement, local);
  const scope: Scope = { sources: [target], merged: new Map(), outer: local.outer };
  const query =
    statement.selectStmt && 'SelectStmt' in statement.selectStmt ? statement.selectStmt.SelectStmt : undefined;
  if (query) resolveSelect(query, local);
  const columns = insertColumns(statement, target.columns);
  if (columns.length > 0) statement.cols = columns.map((name): Node => ({ ResTarget: { name } }));
  const types = columns.map((column) => target.columns?.find(([name]) => name === column)?.[1]);
  for (const row of query?.valuesLists ?? []) {
    if ('List' in row) row.List.items = (row.List.items ?? []).map((item, at) => uncast(item, types[at]));
  }
  resolveNames(statement.returningClause, scope, local);
  const excluded: Source = { ...target, alias: 'excluded', shown: 'excluded' };
  resolveNames(statement.onConflictClause, { ...scope, sources: [target, excluded] }, local);
};

const assign = (target: ResTarget, columns: Outputs | undefined): void => {
  const type = columns?.find(([name]) => name === target.name)?.[1];
  if (target.val) target.val = uncast(target.val, type);
};

const update = (statement: UpdateStmt, local: Local): void => {
  const target = targetOf(statement.relation, local);
  common(statement, local);
  const sources = nameSources(statement.fromClause ?? [], local);
  const read = resolveFrom(statement.fromClause ?? [], { ...local, ...sources });
  const scope: Scope = { ...read.scope, sources: [target, ...read.scope.sources], outer: local.outer };
  for (const node of statement.targetList ?? []) {
    if (!('ResTarget' in node)) continue;
    resolveNames(node.ResTarget.val, scope, local);
    assign(node.ResTarget, target.columns);
  }
  resolveNames([statement.whereClause, statement.returningClause], scope, local);
};

const remove = (statement: DeleteStmt, local: Local): void => {
  const target = targetOf(statement.relation, local);
  common(statement, local);
  const sources = nameSources(statement.usingClause ?? [], local);
  const read = resolveFrom(statement.usingClause ?? [], { ...local, ...sources });
  const scope: Scope = { ...read.scope, sources: [target, ...read.scope.sources], outer: local.outer };
  resolveNames([statement.whereClause, statement.returningClause], scope, local);
};

const resolve = (node: Node, local: Local): void => {
  if ('SelectStmt' in node) resolveSelect(node.SelectStmt, local);
  else if ('InsertStmt' in node) insert(node.InsertStmt, local);
  else if ('UpdateStmt' in node) update(node.UpdateStmt, local);
  else if ('DeleteStmt' in node) remove(node.DeleteStmt, local);
  else resolveNames(node, { sources: [], merged: new Map(), outer: local.outer }, local);
};

/** A statement or expression inside code in normal form; the tree given is used up. O(nodes). */
export const normalStatement = (node: Node, around: Around): Node => {
  const { catalogue } = around;
  const findings: Findings = { catalogue, types: new WeakMap(), declared: new WeakMap(), deciding: new WeakSet() };
  resolve(node, localOf(around, findings));
  const at: Surroundings = {
    columnType: (reference) => findings.types.get(reference),
    decides: (cast) => findings.deciding.has(cast),
  };
  return normalTree(node, at);
};

/** The columns of a relation as a source under a name of its own, such as `new`. */
export const sourceNamed = (alias: string, columns: Outputs | undefined): Source => ({ alias, shown: alias, columns });
