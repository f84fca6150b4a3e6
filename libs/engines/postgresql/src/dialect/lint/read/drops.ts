import type { DropStmt, Node } from '@pgsql/types';
import { partsOfNode } from '../../parse/names.js';
import { nameParts } from '../../type-names.js';
import type { Act, Drop, DropKind } from '../acts.js';
import { full, nodeName, type Reader } from './reader.js';

const kinds: { readonly [type: string]: DropKind } = {
  OBJECT_TABLE: 'table',
  OBJECT_VIEW: 'view',
  OBJECT_MATVIEW: 'materialized view',
  OBJECT_INDEX: 'index',
  OBJECT_SEQUENCE: 'sequence',
  OBJECT_SCHEMA: 'schema',
  OBJECT_TYPE: 'type',
  OBJECT_DOMAIN: 'domain',
  OBJECT_EXTENSION: 'extension',
  OBJECT_FUNCTION: 'function',
  OBJECT_PROCEDURE: 'function',
  OBJECT_ROUTINE: 'function',
  OBJECT_AGGREGATE: 'function',
  OBJECT_TRIGGER: 'trigger',
  OBJECT_POLICY: 'policy',
  OBJECT_RULE: 'rule',
  OBJECT_FOREIGN_TABLE: 'foreign table',
};

/** Triggers, policies and rules are named after their table. */
const onTable: ReadonlySet<DropKind> = new Set(['trigger', 'policy', 'rule']);

const target = (reader: Reader, what: DropKind, node: Node): Pick<Drop, 'name' | 'table'> => {
  const parts = partsOfNode(node);
  if (what === 'schema' || what === 'extension')
    return { name: { namespace: '', name: parts.at(-1) ?? nameParts([node])[0] ?? '' } };
  if (!onTable.has(what)) return { name: nodeName(reader, node) };
  const table = full(reader, parts.slice(0, -1));
  return { name: { namespace: table.namespace, name: parts.at(-1) ?? '' }, table };
};

/** DROP of one or several objects, one act for each. */
export const dropObjects = (reader: Reader, statement: DropStmt): readonly Act[] => {
  const what = kinds[statement.removeType ?? ''] ?? 'other';
  return (statement.objects ?? []).map((node): Act => ({
    kind: 'drop',
    what,
    ...target(reader, what, node),
    cascade: statement.behavior === 'DROP_CASCADE',
    ifExists: statement.missing_ok ?? false,
    concurrently: statement.concurrent ?? false,
  }));
};
