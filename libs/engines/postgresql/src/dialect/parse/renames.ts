import type { AlterObjectSchemaStmt, Node, RenameStmt } from '@pgsql/types';
import { pathOf, routinePath, type Table } from '@dsem/schema';
import { defaultNamespace } from '../types.js';
import {
  claimRelation,
  claimType,
  contradict,
  type Draft,
  keyOf,
  missing,
  putTable,
  putView,
  refuse,
  relationExists,
  type Site,
  twice,
  typeOf,
} from './draft.js';
import {
  moveColumnTo,
  moveNamespace,
  moveRoutineTo,
  moveSequenceTo,
  moveTableTo,
  moveTypeTo,
  moveViewTo,
} from './moves.js';
import { exclusionsOf } from '../exclusion.js';
import { foreignKinds } from '../foreign.js';
import { kindOfNode, type ObjectKind } from '../objects.js';
import { renameBelow } from './family.js';
import { renameForeign } from './foreign.js';
import { renameDomainConstraint } from './domains.js';
import { renamedMarks } from '../index-marks.js';
import { type Full, nameOfNode, partsOfNode, relationOf } from './names.js';
import { renameInPolicies, renamePolicy } from './policies.js';
import { renameNotNull } from './not-null.js';
import { numberedBy, refuseNumbering, renameNumbering } from './numbering.js';
import { moveObjectTo } from './object-moves.js';
import { namedBy, renamedAs } from './object-names-in.js';
import { routineNamed } from './routines.js';
import { renameInRules, renameRule } from './rules.js';
import { renameInTriggers, renameTrigger } from './triggers.js';
import { objectWords, refusedName, skippedObject } from './statement-kinds.js';
import { renameAttribute } from './structs.js';
import { refuseTyped } from './typed-tables.js';
import { renameInViews, renameViewColumn } from './view-columns.js';

/** The sequences of a table's serial columns move along to another schema. */
const moveOwned = (draft: Draft, table: Full, namespace: string): void => {
  for (const sequence of [...draft.sequences.values()]) {
    if (!sequence.ownedBy || keyOf(sequence.ownedBy) !== keyOf(table)) continue;
    const from = { namespace: sequence.namespace ?? defaultNamespace, name: sequence.name };
    moveSequenceTo(draft, from, { ...from, namespace });
  }
};

const moveRelation = (draft: Draft, from: Full, to: Full, site: Site): void => {
  const key = keyOf(from);
  refuseNumbering(draft, from, 'moved', site);
  const known = draft.tables.has(key) || draft.views.has(key) || draft.sequences.has(key);
  if (!known) missing('relation', from, site);
  if (keyOf(to) !== key) claimRelation(draft, to, site);
  if (draft.tables.has(key)) {
    if (from.namespace !== to.namespace) moveOwned(draft, from, to.namespace);
    moveTableTo(draft, from, to);
  } else if (draft.views.has(key)) moveViewTo(draft, from, to);
  else moveSequenceTo(draft, from, to);
};

const renamedPart = (table: Table, from: string, to: string): Table => {
  const rename = <Part extends { readonly name: string }>(part: Part): Part =>
    part.name === from ? { ...part, name: to } : part;
  return {
    ...renamedMarks(table, from, to),
    ...(table.primaryKey ? { primaryKey: rename(table.primaryKey) } : {}),
    uniques: table.uniques.map(rename),
    checks: table.checks.map(rename),
    foreignKeys: table.foreignKeys.map(rename),
    indexes: table.indexes.map(rename),
  };
};

const renameIndex = (draft: Draft, from: Full, to: string, site: Site): void => {
  const owner = draft.indexOwners.get(keyOf(from));
  const table = draft.tables.get(owner ?? '');
  const view = draft.views.get(owner ?? '');
  if (!table && !view) missing('index', from, site);
  claimRelation(draft, { ...from, name: to }, site);
  if (table) {
    putTable(draft, renamedPart(table, from.name, to));
    renameBelow(draft, table, from.name, to);
  }
  if (!view) return;
  const indexes = (view.indexes ?? []).map((one) => (one.name === from.name ? { ...one, name: to } : one));
  putView(draft, { ...view, indexes });
};

const constraintsOf = (table: Table): readonly string[] =>
  [table.primaryKey, ...table.uniques, ...table.foreignKeys, ...table.checks, ...exclusionsOf(table)].flatMap((one) =>
    one ? [one.name] : [],
  );

const renameConstraint = (draft: Draft, name: Full, from: string, to: string, site: Site): void => {
  const table = draft.tables.get(keyOf(name)) ?? missing('table', name, site);
  const [path, names] = [pathOf(name, from), constraintsOf(table)];
  if (!names.includes(to) && renameNotNull(draft, table, from, to)) return;
  if (!names.includes(from)) contradict(`The constraint ${path} is not defined.`, path, site);
  if (names.includes(to)) twice(`The constraint ${pathOf(name, to)}`, pathOf(name, to), site);
  for (const open of draft.openReferences) {
    if (open.table === keyOf(name) && open.constraint === from) open.constraint = to;
  }
  putTable(draft, renamedPart(table, from, to));
  renameBelow(draft, name, from, to);
};

const renameColumn = (draft: Draft, name: Full, from: string, to: string, site: Site): void => {
  if (draft.views.has(keyOf(name))) return renameViewColumn(draft, name, from, to, site);
  const table = draft.tables.get(keyOf(name)) ?? missing('table', name, site);
  const [path, names] = [pathOf(name, from), table.columns.map((column) => column.name)];
  refuseTyped(draft, name, site);
  if (!names.includes(from)) contradict(`The column ${path} is not defined.`, path, site);
  if (names.includes(to)) twice(`The column ${pathOf(name, to)}`, pathOf(name, to), site);
  moveColumnTo(draft, name, from, to);
  renameInViews(draft, name, from, to, site);
  renameInPolicies(draft, name, from, to);
  renameInTriggers(draft, name, from, to);
  renameInRules(draft, name, from, to);
};

const moveType = (draft: Draft, from: Full, to: Full, site: Site): void => {
  const type = typeOf(draft, from, site);
  if (type.kind === 'struct') claimRelation(draft, to, site);
  claimType(draft, to, site);
  moveTypeTo(draft, from, to);
};

const renameSchema = (draft: Draft, from: string, to: string, site: Site): void => {
  if (from === defaultNamespace) refuse('Renaming the schema public is not supported', from, site);
  if (!draft.namespaces.has(from)) missing('schema', { name: from }, site);
  if (draft.namespaces.has(to)) twice(`The schema ${pathOf({ name: to })}`, to, site);
  moveNamespace(draft, from, to);
  for (const { kind, namespace, name } of [...draft.others.values()])
    if (namespace === from) moveObjectTo(draft, kind, { namespace, name }, { namespace: to, name }, site);
};

const renameRelation = (draft: Draft, from: Full, to: string, site: Site): void => {
  if (draft.indexOwners.has(keyOf(from))) return renameIndex(draft, from, to, site);
  const column = numberedBy(draft, from);
  if (!column) return moveRelation(draft, from, { ...from, name: to }, site);
  claimRelation(draft, { ...from, name: to }, site);
  renameNumbering(draft, column, to, site);
};

interface Renaming {
  readonly statement: RenameStmt;
  readonly draft: Draft;
  readonly from: Full;
  /** The name of a part, or of a schema. */
  readonly sub: string;
  readonly to: string;
  readonly site: Site;
}

type Renamer = (renaming: Renaming) => void;

const relation: Renamer = ({ draft, from, to, site }) => renameRelation(draft, from, to, site);
const type: Renamer = ({ draft, from, to, site }) => moveType(draft, from, { ...from, name: to }, site);

const objectOf =
  (kind: ObjectKind): Renamer =>
  ({ draft, statement, to, site }) => {
    const name = namedBy(kind, statement.object);
    moveObjectTo(draft, kind.kind, name, renamedAs(kind, name, to), site);
  };

const renamerOf = (type: string): Renamer | undefined => {
  const kind = kindOfNode(type);
  return renamers[type] ?? (kind && objectOf(kind));
};

/** ALTER FUNCTION ... RENAME or SET SCHEMA; `place` says the new name. */
const moveRoutine = (
  draft: Draft,
  statement: { readonly object?: Node; readonly type: string },
  place: Partial<Full>,
  site: Site,
): void => {
  const found = routineNamed(draft, statement.object, statement.type, site);
  const moved = { ...found, ...place };
  const path = routinePath(moved);
  if (path !== routinePath(found) && draft.routines.has(path)) twice(`The ${found.kind} ${path}`, path, site);
  moveRoutineTo(draft, found, moved);
};

const routine: Renamer = ({ draft, statement, to, site }) =>
  moveRoutine(draft, { object: statement.object!, type: statement.renameType ?? '' }, { name: to }, site);

const renamers: { readonly [objectType: string]: Renamer | undefined } = {
  OBJECT_TABLE: relation,
  OBJECT_FOREIGN_TABLE: relation,
  OBJECT_FOREIGN_SERVER: ({ draft, from, to, site }) => renameForeign(draft, foreignKinds.server, from.name, to, site),
  OBJECT_FDW: ({ draft, from, to, site }) => renameForeign(draft, foreignKinds.wrapper, from.name, to, site),
  OBJECT_VIEW: relation,
  OBJECT_MATVIEW: relation,
  OBJECT_SEQUENCE: relation,
  OBJECT_INDEX: ({ draft, from, to, site }) => renameIndex(draft, from, to, site),
  OBJECT_COLUMN: ({ draft, from, sub, to, site }) => renameColumn(draft, from, sub, to, site),
  OBJECT_TABCONSTRAINT: ({ draft, from, sub, to, site }) => renameConstraint(draft, from, sub, to, site),
  OBJECT_POLICY: ({ draft, from, sub, to, site }) => renamePolicy(draft, from, sub, to, site),
  OBJECT_FUNCTION: routine,
  OBJECT_PROCEDURE: routine,
  OBJECT_ROUTINE: routine,
  OBJECT_AGGREGATE: routine,
  OBJECT_TRIGGER: ({ draft, from, sub, to, site }) => renameTrigger(draft, from, sub, to, site),
  OBJECT_RULE: ({ draft, from, sub, to, site }) => renameRule(draft, from, sub, to, site),
  OBJECT_TYPE: type,
  OBJECT_DOMAIN: type,
  OBJECT_DOMCONSTRAINT: ({ draft, from, sub, to, site }) => renameDomainConstraint(draft, from, sub, to, site),
  OBJECT_ATTRIBUTE: ({ draft, from, sub, to, site }) => renameAttribute(draft, from, sub, to, site),
  OBJECT_SCHEMA: ({ draft, sub, to, site }) => renameSchema(draft, sub, to, site),
};

const routineTypes = new Set(['OBJECT_FUNCTION', 'OBJECT_PROCEDURE', 'OBJECT_ROUTINE', 'OBJECT_AGGREGATE']);

/** Whether a statement with IF EXISTS names a relation that is not there. */
const isAbsent = (draft: Draft, statement: RenameStmt | AlterObjectSchemaStmt): boolean => {
  const known = relationExists(draft, relationOf(statement.relation));
  return statement.missing_ok === true && statement.relation !== undefined && !known;
};

/** ALTER ... RENAME. */
export const renameObject = (draft: Draft, statement: RenameStmt, site: Site): void => {
  if (isAbsent(draft, statement)) return;
  const from = statement.relation ? relationOf(statement.relation) : nameOfNode(statement.object);
  const kind = statement.renameType ?? '';
  const renamer = renamerOf(kind);
  const message =
    kind === 'OBJECT_LANGUAGE' ? undefined : skippedObject('a new name of', kind, statement.subname ?? '');
  if (message !== undefined) return void draft.notes.push({ message, ...site });
  if (!renamer) return refuse(`Renaming ${objectWords(kind)} is not supported`, refusedName(kind, from), site);
  renamer({ statement, draft, from, sub: statement.subname ?? '', to: statement.newname ?? '', site });
};

const moveToSchema = (draft: Draft, kind: ObjectKind, statement: AlterObjectSchemaStmt, site: Site): void => {
  const name = namedBy(kind, statement.object);
  moveObjectTo(draft, kind.kind, name, { ...name, namespace: statement.newschema ?? '' }, site);
};

/** ALTER ... SET SCHEMA. */
export const moveObject = (draft: Draft, statement: AlterObjectSchemaStmt, site: Site): void => {
  if (isAbsent(draft, statement)) return;
  const from = statement.relation ? relationOf(statement.relation) : nameOfNode(statement.object);
  const to = { ...from, namespace: statement.newschema ?? '' };
  if (statement.objectType === 'OBJECT_EXTENSION') {
    const name = partsOfNode(statement.object).at(-1) ?? '';
    const extension = draft.extensions.get(name) ?? missing('extension', { name }, site);
    draft.extensions.set(name, { ...extension, namespace: to.namespace });
  } else if (routineTypes.has(statement.objectType ?? '')) {
    const place = { namespace: to.namespace };
    moveRoutine(draft, { object: statement.object!, type: statement.objectType ?? '' }, place, site);
  } else if (statement.relation) moveRelation(draft, from, to, site);
  else if (['OBJECT_TYPE', 'OBJECT_DOMAIN'].includes(statement.objectType ?? '')) moveType(draft, from, to, site);
  else if (kindOfNode(statement.objectType)?.placed)
    moveToSchema(draft, kindOfNode(statement.objectType)!, statement, site);
  else refuse('SET SCHEMA of this object is not supported', pathOf(from), site);
};
