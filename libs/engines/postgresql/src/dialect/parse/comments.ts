import type { CommentStmt } from '@pgsql/types';
import { engineObjectPath, type Noun, onTablePath, pathOf, routinePath, type Table, type View } from '@dsem/schema';
import { exclusionsOf, isExclusion } from '../exclusion.js';
import { defaultNamespace } from '../types.js';
import { type Draft, keyOf, missing, putTable, putView, refuse, type Site, tableOf } from './draft.js';
import { kindOfNode, type ObjectKind } from '../objects.js';
import { fullName } from './marks.js';
import { type Full, nameOf, partsOfNode } from './names.js';
import { notNullNamed } from './not-null.js';
import { commentNumbering, numberedBy } from './numbering.js';
import { namedBy } from './object-names-in.js';
import { findObject } from './objects.js';
import { routineNamed } from './routines.js';
import { ruleNamed } from './rules.js';
import { objectWords, refusedName, skippedObject } from './statement-kinds.js';
import { triggerNamed } from './triggers.js';
import { withViewColumn } from './view-columns.js';
import { commentAttribute, commentDomainConstraint, isStruct } from './type-comments.js';

type Commented = Pick<Noun, 'comment'>;

const withComment = <Value extends Commented>(value: Value, comment: string): Value => {
  const { comment: _, ...rest } = value;
  return (comment === '' ? rest : { ...rest, comment }) as Value;
};

const within = <Key, Value extends Commented>(map: Map<Key, Value>, key: Key, comment: string): boolean => {
  const found = map.get(key);
  if (found) map.set(key, withComment(found, comment));
  return found !== undefined;
};

const onPart = <Part extends Commented & { readonly name: string }>(
  parts: readonly Part[],
  name: string,
  comment: string,
): readonly Part[] => parts.map((part) => (part.name === name ? withComment(part, comment) : part));

const onViewColumn = (draft: Draft, view: View, column: string, comment: string, site: Site): void => {
  if (view.columns && !view.columns.includes(column))
    missing('column', { ...fullName(view), name: `${view.name}.${column}` }, site);
  putView(draft, withViewColumn(view, 'columnComments', column, comment === '' ? undefined : comment));
};

const onColumn = (draft: Draft, parts: readonly string[], comment: string, site: Site): void => {
  const name = nameOf(parts.slice(0, -1));
  if (isStruct(draft, name)) return commentAttribute(draft, name, parts.at(-1) ?? '', comment, site);
  const view = draft.views.get(keyOf(name));
  if (view) return onViewColumn(draft, view, parts.at(-1)!, comment, site);
  const table = tableOf(draft, name, site);
  if (!table.columns.some((column) => column.name === parts.at(-1)))
    missing('column', { ...name, name: parts.slice(-2).join('.') }, site);
  putTable(draft, { ...table, columns: onPart(table.columns, parts.at(-1)!, comment) });
};

const onConstraint = (draft: Draft, parts: readonly string[], comment: string, site: Site): void => {
  const table = tableOf(draft, nameOf(parts.slice(0, -1)), site);
  const name = parts.at(-1)!;
  const key = table.primaryKey;
  const known = [key, ...table.uniques, ...table.foreignKeys, ...table.checks, ...exclusionsOf(table)].some(
    (one) => one?.name === name,
  );
  if (!known && notNullNamed(table, name))
    refuse('A comment on a NOT NULL is not supported', pathOf(table, name), site);
  if (!known) missing('constraint', { ...nameOf(parts.slice(0, -1)), name: parts.slice(-2).join('.') }, site);
  putTable(draft, {
    ...table,
    ...(key ? { primaryKey: key.name === name ? withComment(key, comment) : key } : {}),
    uniques: onPart(table.uniques, name, comment),
    foreignKeys: onPart(table.foreignKeys, name, comment),
    checks: onPart(table.checks, name, comment),
    indexes: table.indexes.map((one) => (isExclusion(one) ? onPart([one], name, comment)[0]! : one)),
  });
};

const onIndex = (draft: Draft, name: Full, comment: string, site: Site): void => {
  const owner = draft.indexOwners.get(keyOf(name)) ?? missing('index', name, site);
  const table: Table | undefined = draft.tables.get(owner);
  const view = draft.views.get(owner);
  if (table && !table.indexes.some((index) => index.name === name.name && !isExclusion(index))) {
    refuse('A comment on the index of a constraint is not supported', pathOf(name), site);
  }
  if (table) putTable(draft, { ...table, indexes: onPart(table.indexes, name.name, comment) });
  if (view) putView(draft, { ...view, indexes: onPart(view.indexes ?? [], name.name, comment) });
};

const onSchema = (draft: Draft, name: Full, comment: string, site: Site): void => {
  if (name.name === defaultNamespace) draft.notes.push({ message: 'skipped the comment on schema public', ...site });
  else if (!within(draft.namespaces, name.name, comment)) missing('schema', { name: name.name }, site);
};

/** What a COMMENT statement says, with the object's name as its parts and as a qualified name. */
interface Said {
  readonly statement: CommentStmt;
  readonly parts: readonly string[];
  readonly name: Full;
  readonly comment: string;
}
type Commenter = (draft: Draft, said: Said, site: Site) => void;

const inMap =
  (kind: string, mapOf: (draft: Draft) => Map<string, never>): Commenter =>
  (draft, { name, comment }, site) => {
    if (!within(mapOf(draft) as Map<string, Commented>, keyOf(name), comment)) missing(kind, name, site);
  };

const onObject =
  (kind: ObjectKind): Commenter =>
  (draft, { statement, comment }, site) => {
    const object = findObject(draft, kind.kind, namedBy(kind, statement.object), site);
    within(draft.others, engineObjectPath(object), comment);
  };

const onPolicy: Commenter = (draft, { parts, comment }, site) => {
  const table = nameOf(parts.slice(0, -1));
  const name = parts.at(-1) ?? '';
  if (!within(draft.policies, pathOf(table, name), comment))
    missing('policy', { ...table, name: `${table.name}.${name}` }, site);
};

const commenterOf = (type: string | undefined): Commenter | undefined => {
  const kind = kindOfNode(type);
  return commenters[type ?? ''] ?? (kind && onObject(kind));
};

const onRoutine: Commenter = (draft, { statement, comment }, site) => {
  const routine = routineNamed(draft, statement.object, statement.objtype ?? '', site);
  draft.routines.set(routinePath(routine), withComment(routine, comment));
};

const onTrigger: Commenter = (draft, { parts, comment }, site) => {
  const trigger = triggerNamed(draft, nameOf(parts.slice(0, -1)), parts.at(-1) ?? '', site);
  draft.triggers.set(onTablePath(trigger), withComment(trigger, comment));
};

const onRule: Commenter = (draft, { parts, comment }, site) => {
  const rule = ruleNamed(draft, nameOf(parts.slice(0, -1)), parts.at(-1) ?? '', site);
  draft.triggers.set(onTablePath(rule), withComment(rule, comment));
};

const onSequence: Commenter = (draft, said, site) => {
  const column = numberedBy(draft, said.name);
  if (column) commentNumbering(draft, column, site);
  else inMap('sequence', ({ sequences }) => sequences as Map<string, never>)(draft, said, site);
};

const commenters: { readonly [objectType: string]: Commenter | undefined } = {
  OBJECT_COLUMN: (draft, { parts, comment }, site) => onColumn(draft, parts, comment, site),
  OBJECT_TABCONSTRAINT: (draft, { parts, comment }, site) => onConstraint(draft, parts, comment, site),
  OBJECT_INDEX: (draft, { name, comment }, site) => onIndex(draft, name, comment, site),
  OBJECT_SCHEMA: (draft, { name, comment }, site) => onSchema(draft, name, comment, site),
  OBJECT_EXTENSION: (draft, { name }, site) =>
    void draft.notes.push({ message: `skipped the comment on extension ${name.name}`, ...site }),
  OBJECT_POLICY: onPolicy,
  OBJECT_FUNCTION: onRoutine,
  OBJECT_PROCEDURE: onRoutine,
  OBJECT_ROUTINE: onRoutine,
  OBJECT_AGGREGATE: onRoutine,
  OBJECT_TRIGGER: onTrigger,
  OBJECT_RULE: onRule,
  OBJECT_SEQUENCE: onSequence,
  OBJECT_DOMCONSTRAINT: (draft, { statement, comment }, site) =>
    commentDomainConstraint(draft, statement.object, comment, site),
  OBJECT_DOMAIN: inMap('domain', (draft) => draft.types as Map<string, never>),
  OBJECT_TYPE: inMap('type', (draft) => draft.types as Map<string, never>),
  OBJECT_VIEW: inMap('view', (draft) => draft.views as Map<string, never>),
  OBJECT_MATVIEW: inMap('view', (draft) => draft.views as Map<string, never>),
  OBJECT_FOREIGN_TABLE: inMap('table', (draft) => draft.tables as Map<string, never>),
  OBJECT_TABLE: inMap('table', (draft) => draft.tables as Map<string, never>),
};

/** COMMENT ON; `IS NULL` takes the comment away. */
export const commentOn = (draft: Draft, statement: CommentStmt, site: Site): void => {
  const parts = partsOfNode(statement.object);
  const name = nameOf(parts);
  const commenter = commenterOf(statement.objtype);
  if (commenter) return commenter(draft, { statement, parts, name, comment: statement.comment ?? '' }, site);
  const type = statement.objtype ?? '';
  const message = skippedObject('the comment on', type, name.name);
  if (message !== undefined) return void draft.notes.push({ message, ...site });
  return refuse(`A comment on ${objectWords(type)} is not supported`, refusedName(type, name), site);
};
