import type { Node } from '@pgsql/types';
import { typeParts } from '../types.js';

/** The columns of something a query reads, with their types without modifiers where known. */
export type Columns = ReadonlyMap<string, string | undefined>;

/** What a rule may ask about the place where an expression stands. */
export interface Surroundings {
  /** The type without modifiers of a column reference (its inner object), where known. */
  readonly columnType: (reference: object) => string | undefined;
  /** Whether a cast (its inner object) decides the type of a view's column and must stay. */
  readonly decides?: (cast: object) => boolean;
}

/** The type's name as rules compare it: without modifiers. */
export const plainType = (native: string): string => {
  if (native.endsWith('[]')) return `${plainType(native.slice(0, -2))}[]`;
  const { base } = typeParts(native);
  return base === 'bpchar' ? 'character' : base;
};

/** Nothing is known about any column. */
export const nowhere: Surroundings = { columnType: () => undefined };

/** A visitor that may replace a node; children are done before. */
export type Rule = (node: Node, at: Surroundings) => Node;
