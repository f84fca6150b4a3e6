import type { Node } from '@pgsql/types';
import { shortestName, splitName } from '../identifiers.js';
import { relationsIn } from '../normalize/relations.js';
import { walk } from '../normalize/tree.js';
import { kindOfNode } from '../objects.js';
import { nameParts } from '../type-names.js';
import { functionParts, typeParts } from '../types/aggregates.js';
import { isBuiltin } from '../types.js';
import { contradict, type Draft, missing, relationExists, type Site, typeExists } from './draft.js';
import { placeObjectNames } from './object-names.js';
import { extensionOfType } from './extension-types.js';
import { elementsOf } from './options.js';
import { createdName, type Fields, listed, type ListedName } from './statement-names.js';
import { isStarting, type SearchPath } from './search-path.js';

/** How the names of one statement are looked up. */
export interface Reading {
  readonly draft: Draft;
  readonly path: SearchPath;
  readonly site: Site;
  /** Whether a name that is not there yet makes the statement wait; else the first schema of the path is taken. */
  readonly patient: boolean;
}

interface Looking extends Reading {
  /** What the statement itself creates: known to it before it is in the draft. */
  readonly own: { readonly namespace: string; readonly name: string } | undefined;
  readonly common: ReadonlySet<string>;
}

type Kind = ListedName['kind'];

const existsAs: { readonly [kind in Kind]: (draft: Draft, namespace: string, name: string) => boolean } = {
  relation: (draft, namespace, name) => relationExists(draft, { namespace, name }),
  type: (draft, namespace, name) => typeExists(draft, { namespace, name }),
  routine: (draft, namespace, name) =>
    [...draft.routines.values()].some((routine) => routine.namespace === namespace && routine.name === name),
};

const ofServer = /^(pg_|information_schema$)/;

/** The schema a name without one means; undefined where it means the server's own catalogue or nothing is known. */
const homeOf = (at: Looking, kind: Kind, name: string): string | undefined => {
  if (at.own?.name === name) return at.own.namespace;
  const found = at.path.find((namespace) => existsAs[kind](at.draft, namespace, name));
  if (found !== undefined) return found;
  if (kind === 'routine' || ofServer.test(name)) return undefined;
  const extension = kind === 'type' ? at.draft.extensions.get(extensionOfType(name) ?? '') : undefined;
  if (extension) return extension.namespace;
  if (at.patient && at.path.length !== 1) missing(kind, { name }, at.site);
  return at.path[0];
};

const withSchema = (nodes: Node[], namespace: string | undefined): void => {
  if (namespace !== undefined) nodes.unshift({ String: { sval: namespace } });
};

const serials = new Set(['serial', 'serial2', 'serial4', 'serial8', 'smallserial', 'bigserial']);

const qualifyType = (names: Node[], at: Looking): void => {
  const [name = '', ...more] = nameParts(names);
  if (more.length > 0 || isBuiltin(name) || serials.has(name)) return;
  withSchema(names, homeOf(at, 'type', name));
};

const sequenceFunctions = new Set(['nextval', 'currval', 'setval']);

/** `nextval('s')` names a relation in a string. */
const qualifySequence = (call: Fields, at: Looking): void => {
  const [first] = (call.args ?? []) as Node[];
  if (!first || !sequenceFunctions.has(nameParts(call.funcname as Node[]).at(-1) ?? '')) return;
  const constant = 'TypeCast' in first ? first.TypeCast.arg : first;
  if (!constant || !('A_Const' in constant) || !constant.A_Const.sval) return;
  const [name = '', ...more] = splitName(constant.A_Const.sval.sval ?? '');
  const namespace = more.length > 0 ? undefined : homeOf(at, 'relation', name);
  if (namespace !== undefined) constant.A_Const.sval.sval = shortestName(namespace, name);
};

const isList = (value: unknown): value is Node[] => Array.isArray(value);

const qualifyTree = (value: unknown, at: Looking): void => {
  if (isList(value)) for (const one of value) qualifyTree(one, at);
  else if (typeof value === 'object' && value !== null) {
    const fields = value as Fields;
    if (typeof fields.relname === 'string' && fields.schemaname === undefined && !at.common.has(fields.relname)) {
      const namespace = homeOf(at, 'relation', fields.relname);
      if (namespace !== undefined) fields.schemaname = namespace;
    }
    if (isList(fields.names) && 'typemod' in fields && !fields.pct_type) qualifyType(fields.names, at);
    for (const names of [fields.funcname, fields.objname]) {
      if (isList(names) && names.length === 1) withSchema(names, homeOf(at, 'routine', nameParts(names)[0] ?? ''));
    }
    if (isList(fields.funcname)) qualifySequence(fields, at);
    for (const held of Object.values(fields)) if (typeof held === 'object') qualifyTree(held, at);
  }
};

const qualifyListed = ({ parts, kind, tail }: ListedName, at: Looking): void => {
  const name = nameParts(parts)[0] ?? '';
  if (parts.length === tail + 1) withSchema(parts, homeOf(at, kind, name));
};

const schemaExists = (draft: Draft, name: string): boolean => draft.namespaces.has(name) || isStarting([name]);

/** Where an object without a schema is made: the first schema of the path that is there. */
const creationSchema = (at: Reading, name: string): string => {
  const [first] = at.path;
  if (first === undefined)
    return contradict(`The search_path is empty here, so ${name} must be written with its schema.`, name, at.site);
  const there = at.path.find((schema) => schemaExists(at.draft, schema));
  if (there === undefined && at.patient) missing('schema', { name: first }, at.site);
  return there ?? first;
};

const commonNames = (node: Node): ReadonlySet<string> => {
  const names = new Set<string>();
  walk(node, (one) => {
    if ('CommonTableExpr' in one) names.add(one.CommonTableExpr.ctename ?? '');
  });
  return names;
};

/** Words such as `icu` in a definition are no types, although the grammar reads them as such. */
const isDefinition = (node: Node): boolean => 'DefineStmt' in node && kindOfNode(node.DefineStmt.kind) !== undefined;

const definedByParts = new Set(['OBJECT_AGGREGATE', 'OBJECT_OPERATOR']);
const ofTypes = new Set([...typeParts, 'basetype', 'leftarg', 'rightarg']);
const ofFunctions = new Set([...functionParts, 'procedure', 'function', 'restrict', 'join']);

/** Each part of such a definition names a function, a type or nothing, whatever the grammar takes it for. */
const qualifyParts = (parts: readonly Node[] | undefined, at: Looking): void => {
  for (const { defname = '', arg } of elementsOf(parts)) {
    if (!arg || !('TypeName' in arg)) continue;
    const { names = [] } = arg.TypeName;
    const part = defname.toLowerCase();
    if (ofTypes.has(part)) qualifyTree(arg, at);
    else if (ofFunctions.has(part) && names.length === 1)
      withSchema(names, homeOf(at, 'routine', nameParts(names)[0] ?? ''));
  }
};

const writeOut = (node: Node, reading: Reading): void => {
  const created = createdName(node);
  if (created && created.namespace === undefined) created.place(creationSchema(reading, created.name));
  const own = created && createdName(node);
  const statement = Object.values(node)[0] as Fields;
  const at: Looking = {
    ...reading,
    patient: reading.patient && statement.missing_ok !== true,
    own: own?.namespace === undefined ? undefined : { namespace: own.namespace, name: own.name },
    common: commonNames(node),
  };
  for (const name of listed(node)) qualifyListed(name, at);
  if ('DefineStmt' in node && definedByParts.has(node.DefineStmt.kind ?? '')) {
    qualifyTree(node.DefineStmt.args, at);
    qualifyParts(node.DefineStmt.definition, at);
  } else if ('AlterOperatorStmt' in node) {
    qualifyTree(node.AlterOperatorStmt.opername, at);
    qualifyParts(node.AlterOperatorStmt.options, at);
  } else if (!isDefinition(node)) qualifyTree(node, at);
};

const queryOf = (node: Node): Node | undefined => {
  if ('ViewStmt' in node) return node.ViewStmt.query;
  return 'CreateTableAsStmt' in node ? node.CreateTableAsStmt.query : undefined;
};

/** What a view's query reads has to be there first, as far as a definition holds it: `*` means the columns of then. */
const awaitSources = (node: Node, { draft, site }: Reading): void => {
  const query = queryOf(node);
  if (!query || !('SelectStmt' in query)) return;
  const absent = relationsIn(query.SelectStmt).find(
    (name) => !ofServer.test(name.namespace) && !ofServer.test(name.name) && !relationExists(draft, name),
  );
  if (absent) missing('relation', absent, site);
};

/**
 * Writes out, in place, the schema of every name of a statement, as the search path in force at the statement says.
 * @throws NotYetDefined when the reading is patient and a name is found in no schema of the path
 */
export const qualify = (node: Node, reading: Reading): void => {
  placeObjectNames(node, reading);
  if (!isStarting(reading.path)) writeOut(node, reading);
  if (reading.patient) awaitSources(node, reading);
};
