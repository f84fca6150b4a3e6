import type { ColumnRef, Node } from '@pgsql/types';
import { nameParts } from '../type-names.js';
import type { Catalogue, Outputs } from './catalogue.js';
import { plainType } from './scope.js';
import { stringNodes } from './tree.js';

/** Something a query reads, under the name by which its columns are called. */
export interface Source {
  /** As the query calls it. */
  readonly alias: string;
  /** As the server would print it: numbered where a query outside uses the same name. */
  readonly shown: string;
  readonly namespace?: string;
  /** undefined where only the server knows them. */
  readonly columns: Outputs | undefined;
  /** A function's result: its column may be called by the alias. */
  readonly scalar?: true;
  /** Only some of its columns are known, so that nobody can tell what a star means. */
  readonly partial?: true;
}

/** The names visible at one place of a query. */
export interface Scope {
  readonly sources: readonly Source[];
  /** Columns of JOIN ... USING, which belong to the left side. */
  readonly merged: ReadonlyMap<string, string>;
  readonly outer?: Scope | undefined;
}

/** What is found out about a query while it is resolved. */
export interface Findings {
  readonly catalogue: Catalogue;
  /** Types inside expressions: those of domains are the ones below. */
  readonly types: WeakMap<object, string>;
  /** Types as declared. */
  readonly declared: WeakMap<object, string>;
  readonly deciding: WeakSet<object>;
}

const typeIn = (source: Source, column: string): string | undefined =>
  source.columns?.find(([name]) => name === column)?.[1];

const has = (source: Source, column: string): boolean => source.columns?.some(([name]) => name === column) ?? false;

const sourceOf = (scope: Scope, column: string): Source | undefined => {
  const merged = scope.merged.get(column);
  const owners = scope.sources.filter((source) => has(source, column));
  if (merged !== undefined) return owners.find((source) => source.alias === merged);
  if (owners.length > 0) return owners.length === 1 ? owners[0] : undefined;
  const [only, ...more] = scope.sources;
  const unknown = only !== undefined && more.length === 0 && only.columns === undefined && !only.scalar;
  return unknown ? only : undefined;
};

const remember = (reference: ColumnRef, type: string | undefined, findings: Findings): void => {
  if (type === undefined) return;
  findings.declared.set(reference, type);
  findings.types.set(reference, plainType(findings.catalogue.readsAs(type)));
};

const unqualified = (reference: ColumnRef, column: string, scope: Scope, findings: Findings): void => {
  for (let at: Scope | undefined = scope; at; at = at.outer) {
    const source = sourceOf(at, column);
    if (source) {
      remember(reference, typeIn(source, column), findings);
      reference.fields = stringNodes([source.shown, column]);
      return;
    }
  }
};

const qualified = (reference: ColumnRef, parts: readonly string[], scope: Scope, findings: Findings): void => {
  const [column, alias, namespace] = [parts.at(-1)!, parts.at(-2)!, parts.at(-3)];
  for (let at: Scope | undefined = scope; at; at = at.outer) {
    const found = at.sources.find(
      (one) => one.alias === alias && (namespace === undefined || one.namespace === namespace),
    );
    if (found) {
      remember(reference, typeIn(found, column), findings);
      reference.fields = stringNodes([found.shown, column]);
      return;
    }
  }
};

/** Says which source a column reference means, and its type where known; in place. */
export const resolveReference = (reference: ColumnRef, scope: Scope, findings: Findings): void => {
  const fields: Node[] = reference.fields ?? [];
  if (fields.some((field) => !('String' in field))) return;
  const parts = nameParts(fields);
  if (parts.length === 1) unqualified(reference, parts[0]!, scope, findings);
  else qualified(reference, parts, scope, findings);
};

/** Whether a name is an input column of the query itself. */
export const isInput = (scope: Scope, column: string): boolean => sourceOf(scope, column) !== undefined;
