import { type EngineObject, engineObjectPath } from '@dsem/schema';
import { definition, definitionOf, objectKinds } from '../objects.js';
import {
  belongsTo,
  type FunctionMember,
  type Members,
  methodKey,
  type OperatorClassDefinition,
  type OperatorFamilyDefinition,
  type OperatorMember,
} from '../operator-classes.js';
import { operatorSpelled, spelledOperator } from '../operators.js';
import { classObject, familyObject } from '../parse/operator-classes.js';
import { routineType } from '../parse/routine-type.js';
import { isServers, nameSpelled, spelledName } from '../text-search.js';
import { placed } from '../types.js';
import type { Normalizer } from './object.js';

const spelled = (text: string): string => spelledName(nameSpelled(text));

const operatorMember = ({ number, left, right, operator, orderBy }: OperatorMember): OperatorMember => ({
  number,
  left: routineType(left),
  right: routineType(right),
  operator: spelledOperator(operatorSpelled(operator)),
  ...(orderBy === undefined ? {} : { orderBy: spelled(orderBy) }),
});

const functionMember = (one: FunctionMember): FunctionMember => ({
  number: one.number,
  left: routineType(one.left),
  right: routineType(one.right),
  function: spelled(one.function),
  arguments: one.arguments.map(routineType),
});

const place = ({ number, left, right }: OperatorMember | FunctionMember): string =>
  `${String(number).padStart(6, '0')} ${left} ${right}`;
const inOrder = <One extends OperatorMember | FunctionMember>(all: readonly One[]): readonly One[] =>
  all.toSorted((one, other) => (place(one) < place(other) ? -1 : 1));

const normalMembers = ({ operators = [], functions = [] }: Members): Members => ({
  operators: inOrder(operators.map(operatorMember)),
  functions: inOrder(functions.map(functionMember)),
});

const classNormalizer: Normalizer = (object) => {
  const given = definitionOf<OperatorClassDefinition>(object);
  const [type, storage] = [
    routineType(given.type),
    given.storage === undefined ? undefined : routineType(given.storage),
  ];
  const { storage: _, ...held } = given;
  const made = classObject(placed(object), {
    ...held,
    ...normalMembers(given),
    type,
    family: spelled(given.family),
    ...(storage === undefined || storage === type ? {} : { storage }),
  });
  return { ...object, ...made, definition: definition(made.definition) };
};

const familyNormalizer: Normalizer = (object) => {
  const given = definitionOf<OperatorFamilyDefinition>(object);
  const made = familyObject(placed(object), given.family, given.method, normalMembers(given));
  return { ...object, ...made };
};

/** The normal form of operator classes and families. */
export const operatorClassNormalizers: { readonly [kind: string]: Normalizer } = {
  [objectKinds.operatorClass.kind]: classNormalizer,
  [objectKinds.operatorFamily.kind]: familyNormalizer,
};

const familyPath = ({ family, method }: OperatorClassDefinition): string =>
  engineObjectPath({
    kind: objectKinds.operatorFamily.kind,
    namespace: nameSpelled(family).namespace,
    name: methodKey(nameSpelled(family).name, method),
  });

const isClass = ({ kind }: EngineObject): boolean => kind === objectKinds.operatorClass.kind;
const isFamily = ({ kind }: EngineObject): boolean => kind === objectKinds.operatorFamily.kind;

/** The default class of a type comes first, then they are in name order. */
const byWeight = (one: EngineObject, other: EngineObject): number => {
  const weight = (object: EngineObject): string =>
    `${definitionOf<OperatorClassDefinition>(object).default ? 0 : 1} ${engineObjectPath(object)}`;
  return weight(one) < weight(other) ? -1 : 1;
};

const withMembers = (object: EngineObject, members: Members): EngineObject =>
  isClass(object)
    ? { ...object, ...classObject(object, { ...definitionOf<OperatorClassDefinition>(object), ...members }) }
    : { ...object, ...familyObject(object, ...familyName(object), members) };

const familyName = (object: EngineObject): readonly [string, string] => {
  const { family, method } = definitionOf<OperatorFamilyDefinition>(object);
  return [family, method];
};

/** Shares out what a family and its classes hold by types: who brought it differs from server to server. */
const sharedOut = (family: EngineObject, classes: readonly EngineObject[]): readonly EngineObject[] => {
  const all = [family, ...classes].map((one) => definitionOf<Members>(one));
  const holders = classes.toSorted(byWeight);
  const holderOf = (one: OperatorMember | FunctionMember): EngineObject =>
    holders.find((object) => belongsTo(definitionOf<OperatorClassDefinition>(object), one)) ?? family;
  const operators = all.flatMap((one) => one.operators ?? []);
  const functions = all.flatMap((one) => one.functions ?? []);
  return [family, ...classes].map((holder) =>
    withMembers(holder, {
      operators: inOrder(operators.filter((one) => holderOf(one) === holder)),
      functions: inOrder(functions.filter((one) => holderOf(one) === holder)),
    }),
  );
};

/** Objects in which each operator class holds what is a matter of its type, and its family the rest. */
export const withSharedMembers = (objects: readonly EngineObject[]): readonly EngineObject[] => {
  const families = objects.filter(isFamily);
  if (families.length === 0) return objects;
  const classes = objects.filter(isClass);
  const isOf = (family: EngineObject, one: EngineObject): boolean => {
    const held = definitionOf<OperatorClassDefinition>(one);
    return !isServers(held.family) && familyPath(held) === engineObjectPath(family);
  };
  const shared = families.flatMap((family) =>
    sharedOut(
      family,
      classes.filter((one) => isOf(family, one)),
    ),
  );
  const made = new Map(shared.map((one) => [engineObjectPath(one), one]));
  return objects.map((one) => made.get(engineObjectPath(one)) ?? one);
};
