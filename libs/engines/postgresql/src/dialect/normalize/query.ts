import type { CommonTableExpr, Node, ResTarget, SelectStmt, TypeName } from '@pgsql/types';
import type { Column } from '@dsem/schema';
import { nameParts } from '../type-names.js';
import type { Catalogue, Outputs } from './catalogue.js';
import { normalTree } from './expression.js';
import { type Local, nameSources, resolveFrom } from './from-clause.js';
import { typeOf } from './infer.js';
import { outputName } from './output-name.js';
import { type Findings, isInput, resolveReference, type Scope } from './query-scope.js';
import type { Surroundings } from './scope.js';
import { stringNodes, stringOf } from './tree.js';

/** A query with its names resolved. */
export interface Resolved {
  readonly query: SelectStmt;
  /** Names of the output columns, where known. */
  readonly columns: readonly string[] | undefined;
  readonly outputs: Outputs | undefined;
  /** The output columns as an index on the view sees them. */
  readonly typed: readonly Column[];
}

const surroundings = (findings: Findings): Surroundings => ({
  columnType: (reference) => findings.types.get(reference),
  decides: (cast) => findings.deciding.has(cast),
});

const isStar = (node: Node): boolean =>
  'ColumnRef' in node && (node.ColumnRef.fields ?? []).some((field) => 'A_Star' in field);

/** Resolves every name below a node, sublinks with their own scope; in place. */
export const resolveNames = (value: unknown, scope: Scope, local: Local): void => {
  if (Array.isArray(value)) for (const one of value) resolveNames(one, scope, local);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  const node = value as Node;
  if ('ColumnRef' in node) return resolveReference(node.ColumnRef, scope, local.findings);
  if ('SubLink' in node) {
    resolveNames(node.SubLink.testexpr, scope, local);
    const select = node.SubLink.subselect;
    if (select && 'SelectStmt' in select) {
      resolveSelect(select.SelectStmt, { ...local, outer: scope });
      forgetNames(select.SelectStmt);
    }
    return;
  }
  for (const held of Object.values(value)) resolveNames(held, scope, local);
};

const forgetNames = (select: SelectStmt): void => {
  for (const node of select.targetList ?? []) if ('ResTarget' in node) delete node.ResTarget.name;
  if (select.larg) forgetNames(select.larg);
  if (select.rarg) forgetNames(select.rarg);
};

const starred = (node: Node, stars: ReadonlyMap<string, Outputs>, all: Outputs | undefined): readonly Node[] => {
  const value = 'ResTarget' in node ? node.ResTarget.val : undefined;
  if (!value || !isStar(value) || !('ColumnRef' in value)) return [node];
  const alias = nameParts(value.ColumnRef.fields).at(-2);
  const columns = alias === undefined ? all : stars.get(alias);
  return (columns ?? []).length === 0
    ? [node]
    : columns!.map(([name]) => ({
        ResTarget: { val: { ColumnRef: { fields: stringNodes(alias === undefined ? [name] : [alias, name]) } } },
      }));
};

const nameTarget = (target: ResTarget, scope: Scope, local: Local): readonly [string, string | undefined] => {
  const { val } = target;
  if (!val || isStar(val)) return ['?column?', undefined];
  target.name ??= outputName(val) ?? '?column?';
  resolveNames(val, scope, local);
  if ('A_Const' in val && val.A_Const.isnull) target.val = { TypeCast: { arg: val, typeName: textType } };
  if ('TypeCast' in val) local.findings.deciding.add(val.TypeCast);
  const declared = 'ColumnRef' in val ? local.findings.declared.get(val.ColumnRef) : undefined;
  const type = declared ?? typeOf(val, surroundings(local.findings));
  return [target.name, type ?? (stringOf(val) === undefined ? undefined : 'text')];
};

const ordinal = (node: Node): number | undefined =>
  'A_Const' in node && node.A_Const.ival ? (node.A_Const.ival.ival ?? 0) : undefined;

const textType: TypeName = { names: stringNodes(['text']), typemod: -1 };

interface Clause {
  readonly select: SelectStmt;
  readonly scope: Scope;
  readonly local: Local;
  readonly outputs: Outputs;
}

const targetAt = (select: SelectStmt, at: number): Node | undefined => {
  const target = select.targetList?.[at];
  return target && 'ResTarget' in target ? target.ResTarget.val : undefined;
};

/** `GROUP BY 1` and `ORDER BY name` mean an output column; the server stores the expression behind it. */
const sorted = (node: Node, clause: Clause, outputFirst: boolean): Node => {
  const position = ordinal(node);
  if (position !== undefined) return structuredCopy(targetAt(clause.select, position - 1)) ?? node;
  const parts = 'ColumnRef' in node ? nameParts(node.ColumnRef.fields) : [];
  const at = parts.length === 1 ? clause.outputs.findIndex(([name]) => name === parts[0]) : -1;
  if (at >= 0 && (outputFirst || !isInput(clause.scope, parts[0]!))) {
    return structuredCopy(targetAt(clause.select, at)) ?? node;
  }
  resolveNames(node, clause.scope, clause.local);
  return node;
};

/** The same tree again; references stay the same objects, so what is known of them is known here too. */
const structuredCopy = (node: Node | undefined): Node | undefined => node;

const sortClause = (nodes: readonly Node[] | undefined, clause: Clause): Node[] | undefined =>
  nodes?.map((node) =>
    'SortBy' in node && node.SortBy.node
      ? { SortBy: { ...node.SortBy, node: sorted(node.SortBy.node, clause, true) } }
      : node,
  );

const setOutputs = (select: SelectStmt, local: Local): Outputs | undefined => {
  const outputs = select.larg && resolveSelect(select.larg, local);
  if (select.rarg) resolveSelect(select.rarg, local);
  if (select.rarg && outputs)
    renameOutputs(
      select.rarg,
      outputs.map(([name]) => name),
    );
  for (const node of select.sortClause ?? []) {
    const sort = 'SortBy' in node ? node.SortBy : undefined;
    const name = sort?.node && 'ColumnRef' in sort.node ? nameParts(sort.node.ColumnRef.fields).at(-1) : undefined;
    const at = outputs?.findIndex(([one]) => one === name) ?? -1;
    if (sort && at >= 0) sort.node = { A_Const: { ival: { ival: at + 1 } } };
  }
  return outputs;
};

const valuesOutputs = (select: SelectStmt, local: Local): Outputs => {
  resolveNames(select.valuesLists, { sources: [], merged: new Map(), outer: local.outer }, local);
  const [first] = select.valuesLists ?? [];
  const items = first && 'List' in first ? (first.List.items ?? []) : [];
  return items.map((item, at) => [`column${at + 1}`, typeOf(item, surroundings(local.findings))] as const);
};

const readCommon = (common: CommonTableExpr, local: Local, recursive: boolean): void => {
  const name = common.ctename ?? '';
  const named = nameParts(common.aliascolnames);
  const rename = (outputs: Outputs | undefined): Outputs | undefined =>
    outputs?.map(([column, type], at) => [named[at] ?? column, type] as const);
  const query = common.ctequery && 'SelectStmt' in common.ctequery ? common.ctequery.SelectStmt : undefined;
  if (recursive) local.common.set(name, named.length > 0 ? named.map((one) => [one, undefined] as const) : undefined);
  if (recursive && query?.larg)
    local.common.set(name, rename(resolveSelect(query.larg, { ...local, common: new Map(local.common) })));
  if (query) local.common.set(name, rename(resolveSelect(query, { ...local, common: new Map(local.common) })));
};

/** Resolves one SELECT in place; its output columns, where they can be known. */
export const resolveSelect = (select: SelectStmt, around: Local): Outputs | undefined => {
  const sources = nameSources(select.fromClause ?? [], around);
  const local: Local = { ...around, ...sources, common: new Map(around.common) };
  for (const node of select.withClause?.ctes ?? []) {
    if ('CommonTableExpr' in node) readCommon(node.CommonTableExpr, local, select.withClause?.recursive ?? false);
  }
  if (select.valuesLists) return valuesOutputs(select, local);
  if (select.op !== 'SETOP_NONE') return setOutputs(select, local);
  const { scope, all } = resolveFrom(select.fromClause ?? [], local);
  const stars = new Map(
    scope.sources.flatMap(({ alias, columns, partial }) => (columns && !partial ? [[alias, columns] as const] : [])),
  );
  const targets = (select.targetList ?? []).flatMap((node) => starred(node, stars, all));
  select.targetList = targets;
  const outputs = targets.map((node) =>
    'ResTarget' in node ? nameTarget(node.ResTarget, scope, local) : (['?column?', undefined] as const),
  );
  const clause: Clause = { select, scope, local, outputs };
  resolveNames([select.whereClause, select.havingClause, select.windowClause, select.limitCount], scope, local);
  if (select.groupClause) select.groupClause = select.groupClause.map((node) => sorted(node, clause, false));
  if (select.distinctClause) {
    select.distinctClause = select.distinctClause.map((node) =>
      Object.keys(node).length > 0 ? sorted(node, clause, true) : node,
    );
  }
  const order = sortClause(select.sortClause, clause);
  if (order) select.sortClause = order;
  const unknownStar = targets.some((node) => 'ResTarget' in node && node.ResTarget.val && isStar(node.ResTarget.val));
  return unknownStar ? undefined : outputs;
};

/** The branches of a UNION have the names of the first one, as servers from 16 on print them. */
const renameOutputs = (select: SelectStmt, names: readonly string[]): void => {
  if (select.larg) renameOutputs(select.larg, names);
  if (select.rarg) renameOutputs(select.rarg, names);
  if (select.larg) return;
  (select.targetList ?? []).forEach((node, at) => {
    const name = names[at];
    if (name !== undefined && 'ResTarget' in node) node.ResTarget.name = name;
  });
};

/** A view's query in normal form; `named` are the view's own column names. The tree given is used up. O(nodes). */
export const resolveQuery = (
  query: SelectStmt,
  catalogue: Catalogue,
  named: readonly string[] | undefined,
): Resolved => {
  const findings: Findings = { catalogue, types: new WeakMap(), declared: new WeakMap(), deciding: new WeakSet() };
  const found = resolveSelect(query, {
    findings,
    common: new Map(),
    outer: undefined,
    taken: new Set(),
    shown: new Map(),
    select: resolveSelect,
    names: resolveNames,
  });
  if (found && named) renameOutputs(query, named);
  const outputs = found?.map(([name, type], at) => [named?.[at] ?? name, type] as const);
  const tree = normalTree({ SelectStmt: query }, surroundings(findings));
  const typed = (outputs ?? []).map(([name, type]) => {
    const native = type ?? 'unknown';
    return { name, nullable: true, type: { native, canonical: { kind: 'opaque' as const, native } } };
  });
  return {
    query: 'SelectStmt' in tree ? tree.SelectStmt : query,
    columns: outputs?.map(([name]) => name),
    outputs,
    typed,
  };
};
