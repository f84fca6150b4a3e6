import type { Node, RawStmt } from '@pgsql/types';
import type { Note, ParsedState, SourceText } from '@dsem/engine';
import { pathOf } from '@dsem/schema';
import { deeperThan, levels, NestedTooDeeply, statementLevels, withinStack } from './depth.js';
import { loadGrammar, statementsOf } from './grammar.js';
import { normalize } from './normalize.js';
import { alterTable } from './parse/alter-table.js';
import { commentOn } from './parse/comments.js';
import { closeReferences } from './parse/constraints.js';
import { type Draft, newDraft, NotYetDefined, refuse, schemaOf, type Site } from './parse/draft.js';
import { dropObjects } from './parse/drops.js';
import { createIndex } from './parse/indexes.js';
import { placeFinder } from './parse/place.js';
import { withoutPsql } from './parse/psql.js';
import type { NodeKind, NodeOf, Reader, Readers } from './parse/readers.js';
import { moveObject, renameObject } from './parse/renames.js';
import { createExtension, createSchema } from './parse/schemas.js';
import { alterSequence, createSequence } from './parse/sequences.js';
import { createTable } from './parse/tables.js';
import { alterEnum, createEnum } from './parse/types.js';
import { createTableAs, createView } from './parse/views.js';
import { partsOfNode, relationOf } from './parse/names.js';

interface Placed {
  readonly node: Node;
  readonly site: Site;
}

/** Statements that say nothing about the desired state. */
const skipped: { readonly [kind: string]: string } = {
  InsertStmt: 'INSERT',
  UpdateStmt: 'UPDATE',
  DeleteStmt: 'DELETE',
  MergeStmt: 'MERGE',
  SelectStmt: 'SELECT',
  CopyStmt: 'COPY',
  TruncateStmt: 'TRUNCATE',
  VariableSetStmt: 'SET',
  VariableShowStmt: 'SHOW',
  TransactionStmt: 'transaction control',
  VacuumStmt: 'VACUUM or ANALYZE',
  LockStmt: 'LOCK',
  RefreshMatViewStmt: 'REFRESH MATERIALIZED VIEW',
  CheckPointStmt: 'CHECKPOINT',
  DiscardStmt: 'DISCARD',
  ExplainStmt: 'EXPLAIN',
  AlterOwnerStmt: 'OWNER TO',
};

const objectOf = (statement: { readonly [field: string]: unknown }): string => {
  const [first] = Array.isArray(statement.objects) ? (statement.objects as Node[]) : [];
  const listed = first && 'RangeVar' in first ? first.RangeVar : undefined;
  const relation = (statement.relation ?? statement.typevar ?? listed) as Parameters<typeof relationOf>[0];
  if (relation) return pathOf(relationOf(relation));
  const list = statement.funcname ?? statement.defnames ?? statement.domainname ?? statement.typeName ?? statement.name;
  if (typeof list === 'string') return list;
  const named = [statement.policy_name, statement.trigname, statement.subname, statement.pubname, statement.servername];
  const name = named.find((one): one is string => typeof one === 'string');
  if (name !== undefined) return name;
  const parts = Array.isArray(list) ? (list as Node[]).flatMap(partsOfNode) : partsOfNode(statement.object as Node);
  return parts.length > 0 ? parts.join('.') : 'this statement';
};

const words: { readonly [kind: string]: string } = {
  CreateTrigStmt: 'CREATE TRIGGER',
  CompositeTypeStmt: 'CREATE TYPE of columns',
  CreateRangeStmt: 'CREATE TYPE of a range',
  DefineStmt: 'CREATE AGGREGATE, OPERATOR, COLLATION or base TYPE',
  RuleStmt: 'CREATE RULE',
  CreatePLangStmt: 'CREATE LANGUAGE',
  CreateStatsStmt: 'CREATE STATISTICS',
  CreateEventTrigStmt: 'CREATE EVENT TRIGGER',
};

const spaced = (kind: string): string =>
  words[kind] ??
  kind
    .replace(/Stmt$/, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toUpperCase();

const other = (draft: Draft, node: Node, site: Site): void => {
  const [kind = '', statement] = Object.entries(node)[0] ?? [];
  const word = skipped[kind];
  if (word !== undefined) draft.notes.push({ message: `skipped ${word}`, location: site.location });
  else refuse(`${spaced(kind)} is not supported`, objectOf(statement as { readonly [field: string]: unknown }), site);
};

const readers: Readers = {
  CreateStmt: createTable,
  AlterTableStmt: alterTable,
  IndexStmt: createIndex,
  CreateSeqStmt: createSequence,
  AlterSeqStmt: alterSequence,
  CreateEnumStmt: createEnum,
  AlterEnumStmt: alterEnum,
  ViewStmt: createView,
  CreateTableAsStmt: createTableAs,
  CreateSchemaStmt: createSchema,
  CreateExtensionStmt: createExtension,
  DropStmt: dropObjects,
  RenameStmt: renameObject,
  AlterObjectSchemaStmt: moveObject,
  CommentStmt: commentOn,
};

/** Adds one statement to the draft. */
const read = (draft: Draft, { node, site }: Placed): void => {
  const [kind, statement] = (Object.entries(node)[0] ?? []) as [NodeKind, NodeOf<NodeKind>];
  const reader = readers[kind] as Reader<NodeKind> | undefined;
  if (reader) reader(draft, statement, site);
  else other(draft, node, site);
};

/** Reads statements in order; one that needs an object defined further down waits for it. */
const readAll = (draft: Draft, statements: readonly Placed[]): void => {
  const waiting: Placed[] = [];
  let cause: unknown;
  for (const statement of statements) {
    try {
      withinStack(() => read(draft, statement), statement.site.location);
    } catch (error) {
      if (!(error instanceof NotYetDefined)) throw error;
      cause ??= error;
      waiting.push(statement);
    }
  }
  if (waiting.length > 0 && waiting.length === statements.length) throw cause;
  if (waiting.length > 0) readAll(draft, waiting);
};

const placedStatements = (
  source: SourceText,
): { readonly placed: readonly Placed[]; readonly notes: readonly Note[] } => {
  const { text, notes } = withoutPsql(source.text, source.file);
  const siteAt = placeFinder(text, source.file);
  const place = ({ stmt, stmt_location = 0 }: RawStmt): readonly Placed[] => {
    if (!stmt) return [];
    const site = siteAt(stmt_location);
    if (deeperThan(stmt, statementLevels)) throw new NestedTooDeeply(levels(statementLevels), site);
    return [{ node: stmt, site }];
  };
  return { placed: statementsOf(text, source.file).flatMap(place), notes };
};

/** Adds up the statements of all sources to one normalized state. O(text). */
export const parse = async (sources: readonly SourceText[]): Promise<ParsedState> => {
  await loadGrammar();
  const draft = newDraft();
  const texts = sources.map(placedStatements);
  readAll(
    draft,
    texts.flatMap(({ placed }) => placed),
  );
  closeReferences(draft);
  const schema = await normalize(schemaOf(draft));
  return { schema, notes: [...texts.flatMap(({ notes }) => notes), ...draft.notes] };
};
