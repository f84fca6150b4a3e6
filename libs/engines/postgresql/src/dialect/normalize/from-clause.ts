import type {
  Alias,
  FuncCall,
  JoinExpr,
  Node,
  RangeFunction,
  RangeSubselect,
  RangeVar,
  SelectStmt,
} from '@pgsql/types';
import { typeTree } from '../grammar.js';
import { baseType, nameParts, typeText } from '../type-names.js';
import { defaultNamespace } from '../types.js';
import type { Outputs } from './catalogue.js';
import { typeOf } from './infer.js';
import type { Findings, Scope, Source } from './query-scope.js';
import { stringOf } from './tree.js';

/** What surrounds a query: names of WITH, and the query outside. */
export interface Local {
  readonly findings: Findings;
  readonly common: Map<string, Outputs | undefined>;
  readonly outer: Scope | undefined;
  /** Names of sources of this query and the ones outside, as shown. */
  readonly taken: ReadonlySet<string>;
  /** How a source of this query is shown. */
  readonly shown: ReadonlyMap<string, string>;
  /** Resolves a query inside this one; its output columns where they can be known. */
  readonly select: (select: SelectStmt, local: Local) => Outputs | undefined;
  /** Resolves every name below a node. */
  readonly names: (value: unknown, scope: Scope, local: Local) => void;
}

interface Joined {
  readonly sources: readonly Source[];
  readonly merged: ReadonlyMap<string, string>;
  /** What `*` means here, in order; undefined where only the server knows. */
  readonly all: Outputs | undefined;
}

const renamed = (columns: Outputs | undefined, alias: Alias | undefined): Outputs | undefined => {
  const names = nameParts(alias?.colnames);
  return columns?.map(([name, type], at) => [names[at] ?? name, type] as const);
};

const shownAs = (alias: string, local: Local): string => local.shown.get(alias) ?? alias;

const aliasesOf = (node: Node | undefined): readonly string[] => {
  if (!node) return [];
  if ('JoinExpr' in node) return [...aliasesOf(node.JoinExpr.larg), ...aliasesOf(node.JoinExpr.rarg)];
  if ('RangeVar' in node) return [node.RangeVar.alias?.aliasname ?? node.RangeVar.relname ?? ''];
  const range =
    'RangeSubselect' in node ? node.RangeSubselect : 'RangeFunction' in node ? node.RangeFunction : undefined;
  return range?.alias?.aliasname === undefined ? [] : [range.alias.aliasname];
};

const numbered = (alias: string, taken: ReadonlySet<string>): string => {
  for (let count = 1; ; count += 1) if (!taken.has(`${alias}_${count}`)) return `${alias}_${count}`;
};

/** The server numbers a source whose name a query outside uses already. */
export const nameSources = (nodes: readonly Node[], around: Local): Pick<Local, 'taken' | 'shown'> => {
  const aliases = nodes.flatMap(aliasesOf);
  const clashing = aliases.filter((alias) => around.taken.has(alias));
  const taken = new Set([...around.taken, ...aliases]);
  const shown = new Map(clashing.map((alias) => [alias, numbered(alias, taken)]));
  return { taken: new Set([...taken, ...shown.values()]), shown };
};

const table = (relation: RangeVar, local: Local): Joined => {
  const name = relation.relname ?? '';
  const isCommon = relation.schemaname === undefined && local.common.has(name);
  if (!isCommon) relation.schemaname ??= defaultNamespace;
  const namespace = relation.schemaname ?? defaultNamespace;
  const known = isCommon ? local.common.get(name) : local.findings.catalogue.columnsOf({ namespace, name });
  const columns = renamed(known, relation.alias);
  const alias = relation.alias?.aliasname ?? name;
  const shown = shownAs(alias, local);
  if (shown !== alias) relation.alias = { ...relation.alias, aliasname: shown };
  return { sources: [{ alias, shown, ...(isCommon ? {} : { namespace }), columns }], merged: new Map(), all: columns };
};

const subselect = (range: RangeSubselect, local: Local, beside: readonly Source[]): Joined => {
  const query = range.subquery && 'SelectStmt' in range.subquery ? range.subquery.SelectStmt : undefined;
  const outer: Scope | undefined = range.lateral
    ? { sources: beside, merged: new Map(), outer: local.outer }
    : local.outer;
  const columns = query && renamed(local.select(query, { ...local, outer }), range.alias);
  const alias = range.alias?.aliasname ?? '';
  const shown = shownAs(alias, local);
  if (shown !== alias) range.alias = { ...range.alias, aliasname: shown };
  return { sources: [{ alias, shown, columns }], merged: new Map(), all: columns };
};

const definitionsOf = (nodes: readonly Node[] | undefined): Outputs =>
  (nodes ?? []).flatMap((node) =>
    'ColumnDef' in node
      ? [[node.ColumnDef.colname ?? '', node.ColumnDef.typeName && typeText(node.ColumnDef.typeName)] as const]
      : [],
  );

const definedBeside = (call: Node): Outputs => {
  const definitions = 'List' in call ? call.List.items?.[1] : undefined;
  return definitions && 'List' in definitions ? definitionsOf(definitions.List.items) : [];
};

/** The columns of functions that the query itself names; what a function returns by itself only the server knows. */
const namedColumns = ({ functions: calls, coldeflist, alias, ordinality }: RangeFunction): Outputs => {
  const defined = [...definitionsOf(coldeflist), ...(calls ?? []).flatMap(definedBeside)];
  const names = nameParts(alias?.colnames);
  const columns = names.length === 0 ? defined : names.map((name, at) => [name, defined[at]?.[1]] as const);
  return ordinality ? [...columns, ['ordinality', 'bigint']] : columns;
};

/** The server names the column of WITH ORDINALITY even where nobody else did. */
const withoutOrdinality = ({ ordinality, alias }: RangeFunction): Alias | undefined => {
  const names = nameParts(alias?.colnames);
  if (!ordinality || names.length < 2 || names.at(-1) !== 'ordinality') return alias;
  return { ...alias, colnames: alias!.colnames!.slice(0, -1) };
};

/** Functions of the server that give rows of one value, whatever they are given. */
const givesValues = new Set(['generate_series', 'generate_subscripts', 'regexp_split_to_table', 'string_to_table']);

const calledIn = ({ functions: calls = [], is_rowsfrom, coldeflist }: RangeFunction): FuncCall | undefined => {
  const [first] = calls;
  const call = first && 'List' in first ? first.List.items?.[0] : undefined;
  return calls.length === 1 && !is_rowsfrom && !coldeflist && call && 'FuncCall' in call ? call.FuncCall : undefined;
};

/** Functions of the server that give an array of texts. */
const givesTexts = new Set(['string_to_array', 'regexp_split_to_array', 'regexp_match']);

const isBuiltin = (native: string): boolean => baseType(typeTree(native)).builtin;

const isValue = (node: Node, local: Local): boolean => {
  if (stringOf(node) !== undefined) return true;
  const type = typeOf(node, { columnType: (reference) => local.findings.types.get(reference) });
  return type !== undefined && isBuiltin(type);
};

/** Whether a node is an array of values of the server's own types; `unnest` of composites gives their attributes. */
const isOfValues = (node: Node, local: Local): boolean => {
  if ('A_ArrayExpr' in node) {
    const elements = node.A_ArrayExpr.elements ?? [];
    return elements.length > 0 && elements.every((one) => isValue(one, local) || isOfValues(one, local));
  }
  if ('FuncCall' in node) return givesTexts.has(nameParts(node.FuncCall.funcname).at(-1) ?? '');
  const type = typeOf(node, { columnType: (reference) => local.findings.types.get(reference) });
  return type?.endsWith('[]') === true && isBuiltin(type.slice(0, -2));
};

const isOfOneValue = (range: RangeFunction, local: Local): boolean => {
  const { funcname, args = [] } = calledIn(range) ?? {};
  const name = nameParts(funcname).at(-1) ?? '';
  return givesValues.has(name) || (name === 'unnest' && args.length === 1 && isOfValues(args[0]!, local));
};

/** The one column of such a function is called as the function is, and the server says so: `generate_series(1, 3) n(n)`. */
const withValueName = (range: RangeFunction): void => {
  if ((range.alias?.colnames ?? []).length > 0) return;
  const aliasname = range.alias?.aliasname ?? nameParts(calledIn(range)?.funcname).at(-1) ?? '';
  range.alias = { ...range.alias, aliasname, colnames: [{ String: { sval: aliasname } }] };
};

const functions = (range: RangeFunction, local: Local, beside: readonly Source[]): Joined => {
  local.names(range.functions, { sources: beside, merged: new Map(), outer: local.outer }, local);
  const isOfValue = isOfOneValue(range, local);
  if (isOfValue) withValueName(range);
  delete range.lateral; // said or not, a function may read what stands before it
  const written = withoutOrdinality(range);
  if (written) range.alias = written;
  const alias = range.alias?.aliasname ?? '';
  const shown = shownAs(alias, local);
  if (shown !== alias) range.alias = { ...range.alias, aliasname: shown };
  const columns = namedColumns(range);
  const isNamed = (range.coldeflist ?? range.alias?.colnames ?? []).length > 0;
  const known = columns.length > 0 ? { columns } : { columns: undefined, scalar: true as const };
  const source: Source = { alias, shown, ...known, ...(isNamed ? {} : { partial: true }) };
  const isWhole = isOfValue || range.coldeflist !== undefined;
  return { sources: [source], merged: new Map(), all: isWhole ? columns : undefined };
};

const mergedStar = (left: Joined, right: Joined, using: readonly string[]): Outputs | undefined => {
  if (!left.all || !right.all) return undefined;
  const named = using.flatMap((name) => left.all!.filter(([column]) => column === name));
  const rest = [...left.all, ...right.all].filter(([column]) => !using.includes(column));
  return [...named, ...rest];
};

const join = (expression: JoinExpr, local: Local, beside: readonly Source[]): Joined => {
  const left = item(expression.larg, local, beside);
  const right = item(expression.rarg, local, [...beside, ...left.sources]);
  const using = nameParts(expression.usingClause);
  const keeper = expression.jointype === 'JOIN_RIGHT' ? right : left;
  const owner = (column: string): string | undefined =>
    keeper.merged.get(column) ?? keeper.sources.find((one) => one.columns?.some(([name]) => name === column))?.alias;
  const full = expression.jointype === 'JOIN_FULL';
  const pairs = full ? [] : using.flatMap((name) => (owner(name) === undefined ? [] : [[name, owner(name)!] as const]));
  const merged = new Map([...left.merged, ...right.merged, ...pairs]);
  const sources = [...left.sources, ...right.sources];
  local.names(expression.quals, { sources, merged, outer: local.outer }, local);
  return { sources, merged, all: expression.isNatural ? undefined : mergedStar(left, right, using) };
};

const item = (node: Node | undefined, local: Local, beside: readonly Source[]): Joined => {
  if (node && 'RangeVar' in node) return table(node.RangeVar, local);
  if (node && 'RangeSubselect' in node) return subselect(node.RangeSubselect, local, beside);
  if (node && 'JoinExpr' in node) return join(node.JoinExpr, local, beside);
  if (node && 'RangeFunction' in node) return functions(node.RangeFunction, local, beside);
  return { sources: [], merged: new Map(), all: undefined };
};

/** Resolves what a query reads from, in place; the names its other clauses may use, and what `*` means. */
export const resolveFrom = (
  nodes: readonly Node[],
  local: Local,
): { readonly scope: Scope; readonly all: Outputs | undefined } => {
  const joined: Joined[] = [];
  for (const node of nodes)
    joined.push(
      item(
        node,
        local,
        joined.flatMap(({ sources }) => sources),
      ),
    );
  const known = joined.every(({ all }) => all !== undefined);
  return {
    scope: {
      sources: joined.flatMap(({ sources }) => sources),
      merged: new Map(joined.flatMap(({ merged }) => [...merged])),
      outer: local.outer,
    },
    all: known ? joined.flatMap(({ all }) => all ?? []) : undefined,
  };
};
