import type {
  AlterOperatorStmt,
  CreateCastStmt,
  CreateConversionStmt,
  CreateTransformStmt,
  DefineStmt,
  Node,
  ObjectWithArgs,
} from '@pgsql/types';
import { type EngineObject, engineObjectPath, type ObjectName, pathOf } from '@dsem/schema';
import {
  type Called,
  castKey,
  operatorCalled,
  type OperatorDefinition,
  operatorKey,
  transformKey,
} from '../code-objects.js';
import { definition, definitionOf, objectKinds } from '../objects.js';
import { nameSpelled } from '../text-search.js';
import { nameParts } from '../type-names.js';
import { functionNamed, operatorNamed } from './aggregates.js';
import { contradict, type Draft, onlyServer, refuse, type Site } from './draft.js';
import { nameOf } from './names.js';
import { addObject, findObject, putObject } from './objects.js';
import { elementsOf, isOn } from './options.js';
import { routineTypeOf } from './routine-type.js';

const typeIn = (node: Node | undefined): string | undefined =>
  node && 'TypeName' in node ? routineTypeOf(node.TypeName) : undefined;

type Parts = { readonly [Key in keyof OperatorDefinition]?: OperatorDefinition[Key] | undefined };

const operatorPart = (draft: Draft, word: string, arg: Node | undefined): Parts | undefined => {
  switch (word) {
    case 'leftarg':
      return { left: typeIn(arg) };
    case 'rightarg':
      return { right: typeIn(arg) };
    case 'procedure':
    case 'function':
      return { function: functionNamed(draft, arg) };
    case 'commutator':
    case 'negator':
      return { [word]: operatorNamed(arg) };
    case 'restrict':
    case 'join':
      return { [word]: arg === undefined ? undefined : functionNamed(draft, arg) };
    case 'hashes':
    case 'merges':
      return { [word]: isOn(arg) ? true : undefined };
    case 'sort1':
    case 'sort2':
    case 'ltcmp':
    case 'gtcmp':
      return { merges: true };
    default:
      return undefined;
  }
};

const operatorParts = (draft: Draft, nodes: readonly Node[] | undefined, path: string, site: Site): Parts =>
  Object.assign(
    {},
    ...elementsOf(nodes).map(
      ({ defname = '', arg }) =>
        operatorPart(draft, defname.toLowerCase(), arg) ??
        refuse(`The operator option ${defname} is not supported`, path, site),
    ),
  ) as Parts;

/** An operator that lies in its schema under its operands. */
export const operatorObject = (place: ObjectName, operator: string, parts: Parts): EngineObject => ({
  kind: objectKinds.operator.kind,
  namespace: place.namespace ?? 'public',
  name: operatorKey({ ...parts, operator } as OperatorDefinition),
  definition: definition({ ...parts, called: operatorCalled(place, operator), operator }),
});

/** CREATE OPERATOR. */
export const createOperator = (draft: Draft, statement: DefineStmt, site: Site): void => {
  const name = nameOf(nameParts(statement.defnames));
  const path = pathOf(name);
  const parts = operatorParts(draft, statement.definition, path, site);
  if (parts.function === undefined) contradict(`The operator ${path} has no function.`, path, site);
  addObject(draft, operatorObject(name, name.name, parts), false, site);
};

/** ALTER OPERATOR ... SET. */
export const alterOperator = (draft: Draft, statement: AlterOperatorStmt, site: Site): void => {
  const object = findObject(
    draft,
    objectKinds.operator.kind,
    operatorIn(statement.opername && { ObjectWithArgs: statement.opername }),
    site,
  );
  const parts = operatorParts(draft, statement.options, engineObjectPath(object), site);
  putObject(draft, { ...object, definition: definition({ ...object.definition, ...parts }) });
};

/** The operator that an `ObjectWithArgs` node names. */
export const operatorIn = (node: Node | undefined): ObjectName => {
  const { objname, objargs = [] }: ObjectWithArgs = node && 'ObjectWithArgs' in node ? node.ObjectWithArgs : {};
  const { namespace, name } = nameOf(nameParts(objname));
  const [left, right] = objargs.map(typeIn);
  return {
    namespace,
    name: operatorKey({ operator: name, ...(left ? { left } : {}), ...(right ? { right } : {}) }),
  };
};

/** A function with its arguments; those of a function named alone are what the definition says of it. */
export const calledIn = (draft: Draft, named: ObjectWithArgs, path: string, site: Site): Called => {
  const spelled = functionNamed(draft, { List: { items: named.objname ?? [] } });
  if (!named.args_unspecified)
    return { function: spelled, arguments: (named.objargs ?? []).flatMap((node) => typeIn(node) ?? []) };
  const place = pathOf(nameSpelled(spelled));
  const routine = [...draft.routines.values()].find((one) => pathOf(one) === place);
  if (!routine) return onlyServer(`The arguments of ${spelled} are not said`, path, site);
  return { function: spelled, arguments: routine.signature === '' ? [] : routine.signature.split(', ') };
};

const contexts = { COERCION_ASSIGNMENT: 'assignment', COERCION_IMPLICIT: 'implicit' } as const;

/** CREATE CAST. */
export const createCast = (draft: Draft, statement: CreateCastStmt, site: Site): void => {
  const types = { source: routineTypeOf(statement.sourcetype), target: routineTypeOf(statement.targettype) };
  const name = castKey(types);
  const called = statement.func && calledIn(draft, statement.func, `cast ${name}`, site);
  const held = definition({
    ...types,
    with: called && { ...called },
    inout: statement.inout ? true : undefined,
    context: contexts[statement.context as keyof typeof contexts],
  });
  addObject(draft, { kind: objectKinds.cast.kind, name, definition: held }, false, site);
};

/** The cast that a list of two types names. */
export const castIn = (node: Node | undefined): ObjectName => {
  const [source = '', target = ''] =
    node && 'List' in node ? (node.List.items ?? []).map((one) => typeIn(one) ?? '') : [];
  return { name: castKey({ source, target }) };
};

/** CREATE [DEFAULT] CONVERSION. */
export const createConversion = (draft: Draft, statement: CreateConversionStmt, site: Site): void => {
  const name = nameOf(nameParts(statement.conversion_name));
  const held = definition({
    from: statement.for_encoding_name ?? '',
    to: statement.to_encoding_name ?? '',
    function: functionNamed(draft, { List: { items: statement.func_name ?? [] } }),
    default: statement.def ? true : undefined,
  });
  addObject(draft, { kind: objectKinds.conversion.kind, ...name, definition: held }, false, site);
};

/** CREATE [OR REPLACE] TRANSFORM. */
export const createTransform = (draft: Draft, statement: CreateTransformStmt, site: Site): void => {
  const key = { type: routineTypeOf(statement.type_name), language: statement.lang ?? '' };
  const name = transformKey(key);
  const called = (named: ObjectWithArgs | undefined): Called | undefined =>
    named && calledIn(draft, named, `transform ${name}`, site);
  const [fromSql, toSql] = [called(statement.fromsql), called(statement.tosql)];
  const object: EngineObject = {
    kind: objectKinds.transform.kind,
    name,
    definition: definition({ ...key, fromSql: fromSql && { ...fromSql }, toSql: toSql && { ...toSql } }),
  };
  const earlier = draft.others.get(engineObjectPath(object));
  if (earlier && statement.replace) putObject(draft, { ...earlier, definition: object.definition });
  else addObject(draft, object, false, site);
};

/** The transform that a list of a type and a language names. */
export const transformIn = (node: Node | undefined): ObjectName => {
  const [type, language] = node && 'List' in node ? (node.List.items ?? []) : [];
  return {
    name: transformKey({
      type: typeIn(type) ?? '',
      language: language && 'String' in language ? (language.String.sval ?? '') : '',
    }),
  };
};

/** An object whose name tells its types, under the name that its definition has now. */
export const rekeyed = (object: EngineObject): EngineObject => {
  switch (object.kind) {
    case objectKinds.operator.kind: {
      const held = definitionOf<OperatorDefinition>(object);
      return { ...object, ...operatorObject(object, held.operator, held) };
    }
    case objectKinds.cast.kind:
      return { ...object, name: castKey(definitionOf(object)) };
    case objectKinds.transform.kind:
      return { ...object, name: transformKey(definitionOf(object)) };
    default:
      return object;
  }
};
