import type { AlterFunctionStmt, CreateFunctionStmt, Node, ObjectWithArgs, TypeName } from '@pgsql/types';
import { type Attributes, pathOf, type Routine, routinePath } from '@dsem/schema';
import { typeTree } from '../grammar.js';
import { relationsIn } from '../normalize/relations.js';
import { resolvedSqlBody } from '../normalize/sql-body.js';
import { nameParts } from '../type-names.js';
import { attributesAs, type RoutineAttributes } from '../types/code.js';
import {
  contradict,
  type Draft,
  missing,
  onlyServer,
  refuse,
  relationExists,
  type Site,
  tableOf,
  twice,
} from './draft.js';
import { draftCatalogue } from './draft-catalogue.js';
import { type Full, nameOf } from './names.js';
import { argumentsOf, routineOf, signatureOf } from './routine-noun.js';
import { routineWords, withWords } from './routine-options.js';
import { routineTypeOf } from './routine-type.js';

/** `t.c%TYPE` is the type of the column at that moment. */
const columnType = (draft: Draft, type: TypeName | undefined, site: Site): TypeName | undefined => {
  if (!type?.pct_type) return type;
  const parts = nameParts(type.names);
  const table = tableOf(draft, nameOf(parts.slice(0, -1)), site);
  const column = table.columns.find(({ name }) => name === parts.at(-1));
  const native =
    column?.type.native ?? contradict(`The column ${parts.join('.')} is not defined.`, parts.join('.'), site);
  return { ...typeTree(native), ...(type.setof ? { setof: true } : {}) };
};

const withColumnTypes = (draft: Draft, statement: CreateFunctionStmt, site: Site): CreateFunctionStmt => {
  const parameters = (statement.parameters ?? []).map((node): Node => {
    if (!('FunctionParameter' in node)) return node;
    const argType = columnType(draft, node.FunctionParameter.argType, site);
    return { FunctionParameter: { ...node.FunctionParameter, ...(argType ? { argType } : {}) } };
  });
  const returnType = columnType(draft, statement.returnType, site);
  return { ...statement, parameters, ...(returnType ? { returnType } : {}) };
};

/** SQL that the server keeps parsed needs the relations it names, and means their columns of this moment. */
const withResolvedBody = (draft: Draft, routine: Routine, statement: CreateFunctionStmt, site: Site): Routine => {
  if (!statement.sql_body) return routine;
  const absent = relationsIn(statement.sql_body).find((name) => !relationExists(draft, name));
  if (absent && !/^(pg_|information_schema$)/.test(absent.namespace)) missing('relation', absent, site);
  return { ...routine, body: { ...routine.body, text: resolvedSqlBody(routine, draftCatalogue(draft)) } };
};

/** CREATE [OR REPLACE] FUNCTION or PROCEDURE. */
export const createRoutine = (draft: Draft, statement: CreateFunctionStmt, site: Site): void => {
  const typed = withColumnTypes(draft, statement, site);
  const [current] = routineWords(statement.options).current;
  const routine = routineOf(typed);
  const path = routinePath(routine);
  if (current !== undefined) onlyServer(`SET ${current} FROM CURRENT takes a value of the session`, path, site);
  const earlier = draft.routines.get(path);
  if (earlier && !statement.replace) twice(`The ${earlier.kind} ${path}`, path, site);
  if (earlier && earlier.kind !== routine.kind)
    contradict(`${path} is a ${earlier.kind} already, not a ${routine.kind}.`, path, site);
  const comment = earlier?.comment === undefined ? {} : { comment: earlier.comment };
  draft.routines.set(path, { ...withResolvedBody(draft, routine, typed, site), ...comment });
};

/** What statements call the kinds of routines; `ROUTINE` means any. */
const kindsOf: { readonly [objectType: string]: readonly Routine['kind'][] } = {
  OBJECT_FUNCTION: ['function'],
  OBJECT_PROCEDURE: ['procedure'],
  OBJECT_AGGREGATE: ['aggregate'],
  OBJECT_ROUTINE: ['function', 'procedure', 'aggregate'],
};

const typesOf = (nodes: readonly Node[] | undefined): string =>
  (nodes ?? []).flatMap((node) => ('TypeName' in node ? [routineTypeOf(node.TypeName)] : [])).join(', ');

const allTypes = (routine: Routine): string =>
  (attributesAs<RoutineAttributes>(routine).arguments ?? []).map(({ type }) => type).join(', ');

const matches = (named: ObjectWithArgs, candidates: readonly Routine[]): readonly Routine[] => {
  if (named.args_unspecified) return candidates;
  const asked = named.objfuncargs ? argumentsOf(named.objfuncargs) : [];
  const inputs = named.objfuncargs ? signatureOf(asked) : typesOf(named.objargs);
  const exact = candidates.filter(({ signature }) => signature === inputs);
  const every = asked.map(({ type }) => type).join(', ');
  return exact.length > 0 ? exact : candidates.filter((one) => one.kind === 'procedure' && allTypes(one) === every);
};

const named = (node: Node | undefined): ObjectWithArgs => (node && 'ObjectWithArgs' in node ? node.ObjectWithArgs : {});

/** The name in an `ObjectWithArgs` node. */
export const routineName = (node: Node | undefined): Full => nameOf(nameParts(named(node).objname));

/** The routine that a statement names, with or without its arguments; undefined when there is none. */
export const findRoutine = (draft: Draft, node: Node | undefined, type: string, site: Site): Routine | undefined => {
  const name = routineName(node);
  const candidates = [...draft.routines.values()].filter(
    (one) => one.namespace === name.namespace && one.name === name.name && (kindsOf[type] ?? []).includes(one.kind),
  );
  const [found, another] = matches(named(node), candidates);
  if (found && another)
    contradict(`${pathOf(name)} is not unique: say the types of its arguments.`, pathOf(name), site);
  return found;
};

/** @throws NotYetDefined when there is no such routine. */
export const routineNamed = (draft: Draft, node: Node | undefined, type: string, site: Site): Routine =>
  findRoutine(draft, node, type, site) ?? missing(type.replace('OBJECT_', '').toLowerCase(), routineName(node), site);

/** ALTER FUNCTION or PROCEDURE with actions. */
export const alterRoutine = (draft: Draft, statement: AlterFunctionStmt, site: Site): void => {
  const routine = routineNamed(
    draft,
    statement.func && { ObjectWithArgs: statement.func },
    statement.objtype ?? 'OBJECT_FUNCTION',
    site,
  );
  const words = routineWords(statement.actions);
  const path = routinePath(routine);
  if (words.current[0] !== undefined)
    onlyServer(`SET ${words.current[0]} FROM CURRENT takes a value of the session`, path, site);
  if (routine.kind === 'aggregate') refuse('ALTER of an aggregate with these actions is not supported', path, site);
  const attributes = withWords(attributesAs<RoutineAttributes>(routine), words) as unknown as Attributes;
  draft.routines.set(path, { ...routine, attributes });
};
