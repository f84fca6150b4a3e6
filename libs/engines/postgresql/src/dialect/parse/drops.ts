import type { DropStmt, Node } from '@pgsql/types';
import { pathOf, type Table, type View } from '@dsem/schema';
import { queryTree } from '../grammar.js';
import { relationsIn } from '../normalize/relations.js';
import {
  contradict,
  type Draft,
  keyOf,
  missing,
  putTable,
  putView,
  refuse,
  removeTable,
  removeView,
  type Site,
} from './draft.js';
import { dropOwnedSequences, dropReferencesTo } from './drop-parts.js';
import { type Full, nameOfNode, partsOfNode, sameName } from './names.js';

/** One DROP statement with the draft it takes from. */
export interface Drop {
  readonly draft: Draft;
  readonly ifExists: boolean;
  readonly cascade: boolean;
  readonly site: Site;
}

const absent = (drop: Drop, kind: string, name: Full): void => {
  if (!drop.ifExists) missing(kind, name, drop.site);
};

const dropReaders = (draft: Draft, name: Full): void => {
  for (const view of [...draft.views.values()]) {
    if (!draft.views.has(keyOf(view))) continue;
    const reads = relationsIn(queryTree(view.body.text)).some((used) => sameName(used, name));
    if (reads) dropView(draft, view);
  }
};

const dropView = (draft: Draft, view: View): void => {
  removeView(draft, view);
  dropReaders(draft, { namespace: view.namespace ?? '', name: view.name });
};

const dropTable = (drop: Drop, name: Full): void => {
  const table = drop.draft.tables.get(keyOf(name));
  if (!table) return absent(drop, 'table', name);
  removeTable(drop.draft, table);
  dropOwnedSequences(drop.draft, name);
  if (!drop.cascade) return;
  dropReferencesTo(drop.draft, name);
  dropReaders(drop.draft, name);
};

const dropViewNamed = (drop: Drop, name: Full): void => {
  const view = drop.draft.views.get(keyOf(name));
  if (!view) return absent(drop, 'view', name);
  if (drop.cascade) dropView(drop.draft, view);
  else removeView(drop.draft, view);
};

const dropIndex = (drop: Drop, name: Full): void => {
  const owner = drop.draft.indexOwners.get(keyOf(name));
  const others = <Value extends Table | View>(value: Value): Value => ({
    ...value,
    indexes: (value.indexes ?? []).filter((index) => index.name !== name.name),
  });
  const table = drop.draft.tables.get(owner ?? '');
  const view = drop.draft.views.get(owner ?? '');
  if (table && !table.indexes.some((index) => index.name === name.name)) {
    contradict(`The index ${pathOf(name)} belongs to a constraint.`, pathOf(name), drop.site);
  }
  if (table) putTable(drop.draft, others(table));
  else if (view) putView(drop.draft, others(view));
  else absent(drop, 'index', name);
};

const dropFrom = (drop: Drop, map: Map<string, unknown>, key: string, kind: string, name: Full): void => {
  if (!map.delete(key)) absent(drop, kind, name);
};

const dropSchema = (drop: Drop, node: Node): void => {
  const name = partsOfNode(node).at(-1) ?? '';
  const held = [drop.draft.tables, drop.draft.views, drop.draft.sequences, drop.draft.types].flatMap((map) => [
    ...(map as ReadonlyMap<string, { readonly namespace?: string }>).values(),
  ]);
  if (held.some((object) => object.namespace === name)) {
    refuse('Dropping a schema that still holds objects is not supported', name, drop.site);
  }
  if (!drop.draft.namespaces.delete(name)) absent(drop, 'schema', { namespace: name, name });
};

/** Takes one object out of the draft; `name` is what the node says as a qualified name. */
type Dropper = (drop: Drop, name: Full, node: Node) => void;

const droppers: { readonly [objectType: string]: Dropper | undefined } = {
  OBJECT_TABLE: dropTable,
  OBJECT_VIEW: dropViewNamed,
  OBJECT_MATVIEW: dropViewNamed,
  OBJECT_INDEX: dropIndex,
  OBJECT_SEQUENCE: (drop, name) => dropFrom(drop, drop.draft.sequences, keyOf(name), 'sequence', name),
  OBJECT_TYPE: (drop, name) => dropFrom(drop, drop.draft.types, keyOf(name), 'type', name),
  OBJECT_EXTENSION: (drop, name) => dropFrom(drop, drop.draft.extensions, name.name, 'extension', name),
  OBJECT_SCHEMA: (drop, _name, node) => dropSchema(drop, node),
};

const dropOne = (drop: Drop, type: string | undefined, node: Node): void => {
  const name = nameOfNode(node);
  const dropper = droppers[type ?? ''];
  if (dropper) dropper(drop, name, node);
  else refuse(`DROP of ${(type ?? 'OBJECT').replace('OBJECT_', '')} is not supported`, pathOf(name), drop.site);
};

/** DROP of one or several objects. */
export const dropObjects = (draft: Draft, statement: DropStmt, site: Site): void => {
  const ifExists = statement.missing_ok ?? false;
  const cascade = statement.behavior === 'DROP_CASCADE';
  for (const node of statement.objects ?? []) dropOne({ draft, ifExists, cascade, site }, statement.removeType, node);
};
