import type { Node, RawStmt } from '@pgsql/types';
import type { Comment, Note, SourceText } from '@dsem/engine';
import { deeperThan, levels, NestedTooDeeply, statementLevels, withinStack } from '../depth.js';
import { statementsOf } from '../grammar.js';
import { withoutPsql } from '../parse/psql.js';
import { defaultNamespace } from '../types.js';
import type { Act } from './acts.js';
import { commentsIn } from './comments.js';
import { placesIn, type Places } from './places.js';
import { readStatement } from './read/statement.js';
import type { Spot } from './scene.js';

/** One statement with what it does. */
export interface ReadStatement {
  readonly spot: Omit<Spot, 'statement'>;
  readonly acts: readonly Act[];
  readonly lines: { readonly from: number; readonly to: number };
}

export interface ReadScript {
  readonly statements: readonly ReadStatement[];
  readonly comments: readonly Comment[];
  readonly notes: readonly Note[];
}

const skipped = /^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)+/;

interface Stretch {
  readonly node: Node;
  /** UTF-16 units. */
  readonly start: number;
  readonly end: number;
}

const stretchOf = (raw: RawStmt, text: string, places: Places): readonly Stretch[] => {
  if (!raw.stmt) return [];
  const from = places.unit(raw.stmt_location ?? 0);
  const end = raw.stmt_len === undefined ? text.length : places.unit((raw.stmt_location ?? 0) + raw.stmt_len);
  const blank = skipped.exec(text.slice(from, end))?.[0].length ?? 0;
  return [{ node: raw.stmt, start: from + blank, end }];
};

/** The schema of unqualified names after a statement. */
const namespaceAfter = (namespace: string, acts: readonly Act[]): string => {
  const change = acts.findLast((act) => act.kind === 'set' && act.name === 'search_path');
  if (change?.kind !== 'set') return namespace;
  const first = (change.value ?? '').split(',').map((part) => part.trim().replace(/^"|"$/g, ''));
  return first.find((part) => part !== '' && part !== '$user') ?? defaultNamespace;
};

/**
 * Reads a script without judging it. O(text).
 * @throws DefinitionSyntaxError with the place
 */
export const readScript = (source: SourceText): ReadScript => {
  const { text, notes } = withoutPsql(source.text, source.file);
  const places = placesIn(text, source.file);
  let namespace = defaultNamespace;
  const statements = statementsOf(text, source.file).flatMap((raw) =>
    stretchOf(raw, text, places).map(({ node, start, end }): ReadStatement => {
      const location = places.ofUnit(start);
      if (deeperThan(node, statementLevels)) throw new NestedTooDeeply(levels(statementLevels), { location });
      const reader = { namespace, text, statement: text.slice(start, end), places };
      const acts = withinStack(() => readStatement(reader, node), location);
      namespace = namespaceAfter(namespace, acts);
      const last = places.ofUnit(Math.max(start, end - 1));
      return { spot: { location, tree: node }, acts, lines: { from: location.line, to: last.line } };
    }),
  );
  return { statements, comments: commentsIn(text, places), notes };
};
