import type { AlterOpFamilyStmt, CreateOpClassItem, CreateOpClassStmt, CreateOpFamilyStmt, Node } from '@pgsql/types';
import { type EngineObject, engineObjectPath, type Json, type ObjectName } from '@dsem/schema';
import { definition, definitionOf, objectKinds } from '../objects.js';
import {
  type FunctionMember,
  type Members,
  methodKey,
  type OperatorClassDefinition,
  type OperatorFamilyDefinition,
  type OperatorMember,
} from '../operator-classes.js';
import { spelledName } from '../text-search.js';
import { nameParts } from '../type-names.js';
import { operatorNamed } from './aggregates.js';
import { calledIn } from './code-objects.js';
import { contradict, type Draft, refuse, type Site } from './draft.js';
import { nameOf, partsOfNode } from './names.js';
import { addObject, findObject, putObject } from './objects.js';
import { routineTypeOf } from './routine-type.js';

const [classKind, familyKind] = [objectKinds.operatorClass.kind, objectKinds.operatorFamily.kind];

/** Where a member is told, and the types that it has where nothing else is said. */
interface Place {
  readonly draft: Draft;
  readonly method: string;
  readonly type: string | undefined;
  readonly path: string;
  readonly site: Site;
}

const typesIn = (nodes: readonly Node[] | undefined): readonly string[] =>
  (nodes ?? []).flatMap((node) => ('TypeName' in node ? [routineTypeOf(node.TypeName)] : []));

const known = (type: string | undefined, { path, site }: Place): string =>
  type ?? contradict(`${path} holds something whose types are not said.`, path, site);

const familyNamed = (nodes: readonly Node[]): string => {
  const parts = nameParts(nodes);
  return spelledName(parts.length > 1 ? nameOf(parts) : { name: parts[0] ?? '' });
};

const operatorMember = ({ name, number = 0, order_family }: CreateOpClassItem, place: Place): OperatorMember => {
  const [left, right] = typesIn(name?.objargs);
  return {
    number,
    left: known(left ?? place.type, place),
    right: known(right ?? left ?? place.type, place),
    operator: operatorNamed({ List: { items: name?.objname ?? [] } }),
    ...(order_family ? { orderBy: familyNamed(order_family) } : {}),
  };
};

/** The types that the server takes from the function itself, by method and number. */
const ownTypes = (method: string, number: number, args: readonly string[]): readonly (string | undefined)[] => {
  if (method === 'btree' && number === 1) return [args[0], args[1]];
  if (method === 'btree' && number === 3) return [args[0], args[2]];
  return method === 'hash' && number < 3 ? [args[0], args[0]] : [];
};

const functionMember = ({ name = {}, number = 0, class_args }: CreateOpClassItem, place: Place): FunctionMember => {
  const called = calledIn(place.draft, name, place.path, place.site);
  const said = typesIn(class_args);
  const [left, right] =
    said.length > 0 ? [said[0], said[1] ?? said[0]] : ownTypes(place.method, number, called.arguments);
  return { number, left: known(left ?? place.type, place), right: known(right ?? place.type, place), ...called };
};

const items = (nodes: readonly Node[] | undefined): readonly CreateOpClassItem[] =>
  (nodes ?? []).flatMap((node) => ('CreateOpClassItem' in node ? [node.CreateOpClassItem] : []));

const membersIn = (nodes: readonly Node[] | undefined, place: Place): Members => ({
  operators: items(nodes)
    .filter(({ itemtype }) => itemtype === 1)
    .map((item) => operatorMember(item, place)),
  functions: items(nodes)
    .filter(({ itemtype }) => itemtype === 2)
    .map((item) => functionMember(item, place)),
});

const asJson = ({ operators = [], functions = [] }: Members): Parts => ({
  operators: operators.length === 0 ? undefined : operators.map((one) => ({ ...one })),
  functions: functions.length === 0 ? undefined : functions.map((one) => ({ ...one })),
});

type Parts = { readonly [part: string]: Json | undefined };

const jsonOf = (held: object): Parts => held as Parts;

/** An operator family with what it holds. */
export const familyObject = (
  name: ObjectName,
  family: string,
  method: string,
  members: Members = {},
): EngineObject => ({
  kind: familyKind,
  namespace: name.namespace ?? 'public',
  name: methodKey(family, method),
  definition: definition({ family, method, ...asJson(members) }),
});

/** An operator class with what it holds. */
export const classObject = (name: ObjectName, held: Omit<OperatorClassDefinition, 'called'>): EngineObject => ({
  kind: classKind,
  namespace: name.namespace ?? 'public',
  name: methodKey(held.class, held.method),
  definition: definition({
    called: held.class,
    class: held.class,
    method: held.method,
    type: held.type,
    family: held.family,
    default: held.default,
    storage: held.storage,
    ...asJson(held),
  }),
});

/** The family that a class joins: the one named, or that of its own name, which is made where it is not there. */
const joinedFamily = (draft: Draft, statement: CreateOpClassStmt, name: ObjectName, method: string): string => {
  if (statement.opfamilyname) {
    const parts = nameParts(statement.opfamilyname);
    const own = { kind: familyKind, ...nameOf(parts), name: methodKey(parts.at(-1) ?? '', method) };
    return draft.others.has(engineObjectPath(own)) ? spelledName(nameOf(parts)) : familyNamed(statement.opfamilyname);
  }
  const family = familyObject(name, name.name, method);
  if (!draft.others.has(engineObjectPath(family))) putObject(draft, family);
  return spelledName(name);
};

/** CREATE OPERATOR CLASS. */
export const createOperatorClass = (draft: Draft, statement: CreateOpClassStmt, site: Site): void => {
  const name = nameOf(nameParts(statement.opclassname));
  const { amname: method = '' } = statement;
  const type = routineTypeOf(statement.datatype);
  const path = `operator-class ${spelledName(name)} using ${method}`;
  const members = membersIn(statement.items, { draft, method, type, path, site });
  const stored = items(statement.items).find(({ storedtype }) => storedtype)?.storedtype;
  const storage = stored && routineTypeOf(stored);
  const family = joinedFamily(draft, statement, name, method);
  const held = { class: name.name, method, type, family, ...members };
  addObject(
    draft,
    classObject(name, {
      ...held,
      ...(statement.isDefault ? { default: true } : {}),
      ...(storage === undefined || storage === type ? {} : { storage }),
    }),
    false,
    site,
  );
};

/** CREATE OPERATOR FAMILY. */
export const createOperatorFamily = (draft: Draft, statement: CreateOpFamilyStmt, site: Site): void => {
  const name = nameOf(nameParts(statement.opfamilyname));
  addObject(draft, familyObject(name, name.name, statement.amname ?? ''), false, site);
};

const isAt =
  (item: CreateOpClassItem) =>
  ({ number, left, right }: OperatorMember | FunctionMember): boolean => {
    const [first, second = first] = typesIn(item.class_args);
    return number === (item.number ?? 0) && left === first && right === second;
  };

const without = (members: Members, item: CreateOpClassItem): Members => {
  const rest = <One extends OperatorMember | FunctionMember>(all: readonly One[] = []): readonly One[] =>
    all.filter((one) => !isAt(item)(one));
  return item.itemtype === 1
    ? { ...members, operators: rest(members.operators) }
    : { ...members, functions: rest(members.functions) };
};

/** ALTER OPERATOR FAMILY ... ADD or DROP; what a class of it brought goes from there. */
export const alterOperatorFamily = (draft: Draft, statement: AlterOpFamilyStmt, site: Site): void => {
  const { amname: method = '', isDrop } = statement;
  const parts = nameParts(statement.opfamilyname);
  const name = { ...nameOf(parts), name: methodKey(parts.at(-1) ?? '', method) };
  const path = engineObjectPath({ kind: familyKind, ...name });
  if (parts.length === 1 && !draft.others.has(path) && /_ops$/.test(parts[0] ?? ''))
    refuse('Adding to an operator family of the server is not supported', parts[0] ?? '', site);
  const family = findObject(draft, familyKind, name, site);
  const held = definitionOf<OperatorFamilyDefinition>(family);
  if (!isDrop) {
    const added = membersIn(statement.items, { draft, method, type: undefined, path, site });
    const all: Members = {
      operators: [...(held.operators ?? []), ...(added.operators ?? [])],
      functions: [...(held.functions ?? []), ...(added.functions ?? [])],
    };
    return putObject(draft, { ...family, definition: definition({ ...jsonOf(held), ...asJson(all) }) });
  }
  for (const holder of [family, ...classesOf(draft, family)]) {
    const rest = items(statement.items).reduce(without, definitionOf<Members>(holder));
    putObject(draft, { ...holder, definition: definition({ ...holder.definition, ...asJson(rest) }) });
  }
};

/** The classes of a family. */
export const classesOf = (draft: Draft, family: EngineObject): readonly EngineObject[] => {
  const { family: name, method } = definitionOf<OperatorFamilyDefinition>(family);
  const spelled = spelledName({ namespace: family.namespace ?? 'public', name });
  return [...draft.others.values()].filter((one) => {
    if (one.kind !== classKind) return false;
    const held = definitionOf<OperatorClassDefinition>(one);
    return held.method === method && held.family === spelled;
  });
};

/** The operator class or family that a list of its method and name means. */
export const methodNamed = (node: Node | undefined): ObjectName => {
  const [method = '', ...parts] = partsOfNode(node);
  const name = nameOf(parts);
  return { ...name, name: methodKey(name.name, method) };
};

/** A class or family under another name or in another schema; the classes of a family follow. */
export const rekeyedClass = (draft: Draft, object: EngineObject, earlier: EngineObject): EngineObject => {
  if (object.kind === classKind) {
    const held = definitionOf<OperatorClassDefinition>(object);
    return { ...object, ...classObject(object, { ...held, class: nameBefore(object.name, held.method) }) };
  }
  if (object.kind !== familyKind) return object;
  const held = definitionOf<OperatorFamilyDefinition>(object);
  const family = nameBefore(object.name, held.method);
  for (const one of classesOf(draft, earlier)) {
    const spelled = spelledName({ namespace: object.namespace ?? 'public', name: family });
    putObject(draft, { ...one, definition: { ...one.definition, family: spelled } });
  }
  return { ...object, ...familyObject(object, family, held.method, held) };
};

const nameBefore = (key: string, method: string): string => key.slice(0, key.length - methodKey('', method).length);
