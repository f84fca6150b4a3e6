import { type EngineObject, objectReference, type Reference, routineReference } from '@dsem/schema';
import type {
  Called,
  CastDefinition,
  ConversionDefinition,
  OperatorDefinition,
  TransformDefinition,
} from './code-objects.js';
import { definitionOf, objectKinds } from './objects.js';
import { type Members, methodKey, type OperatorClassDefinition } from './operator-classes.js';
import { typeReferences } from './references.js';
import { isServers, nameSpelled } from './text-search.js';

const calls = (...texts: readonly (string | undefined)[]): readonly Reference[] =>
  texts.flatMap((text) => (text === undefined || isServers(text) ? [] : [routineReference(nameSpelled(text))]));

const types = (...natives: readonly (string | undefined)[]): readonly Reference[] =>
  natives.flatMap((native) => (native === undefined ? [] : typeReferences(native)));

const callsOf = (called: Called | undefined): readonly Reference[] => calls(called?.function);

/** The partners of an operator may come before or after it. */
const ofOperator = (object: EngineObject): readonly Reference[] => {
  const { left, right, function: called, restrict, join } = definitionOf<OperatorDefinition>(object);
  return [...types(left, right), ...calls(called, restrict, join)];
};

const ofCast = (object: EngineObject): readonly Reference[] => {
  const { source, target, with: called } = definitionOf<CastDefinition>(object);
  return [...types(source, target), ...callsOf(called)];
};

const ofConversion = (object: EngineObject): readonly Reference[] =>
  calls(definitionOf<ConversionDefinition>(object).function);

const ofTransform = (object: EngineObject): readonly Reference[] => {
  const { type, fromSql, toSql } = definitionOf<TransformDefinition>(object);
  return [...types(type), ...callsOf(fromSql), ...callsOf(toSql)];
};

const memberUses = ({ operators = [], functions = [] }: Members): readonly Reference[] => [
  ...operators.flatMap(({ left, right, operator, orderBy }) => [
    ...types(left, right),
    ...(operator.includes('.') ? [objectReference(objectKinds.operator.kind, { name: operator })] : []),
    ...(orderBy === undefined || isServers(orderBy) ? [] : [familyReference(orderBy, 'btree')]),
  ]),
  ...functions.flatMap((one) => [...types(one.left, one.right), ...calls(one.function)]),
];

const familyReference = (spelled: string, method: string): Reference => {
  const { namespace, name } = nameSpelled(spelled);
  return objectReference(objectKinds.operatorFamily.kind, { namespace, name: methodKey(name, method) });
};

const ofClass = (object: EngineObject): readonly Reference[] => {
  const held = definitionOf<OperatorClassDefinition>(object);
  const joined = isServers(held.family) ? [] : [familyReference(held.family, held.method)];
  return [...types(held.type, held.storage), ...joined, ...memberUses(held)];
};

/** What operators, casts, conversions and transforms name. */
export const codeUses: { readonly [kind: string]: (object: EngineObject) => readonly Reference[] } = {
  [objectKinds.operator.kind]: ofOperator,
  [objectKinds.operatorClass.kind]: ofClass,
  [objectKinds.operatorFamily.kind]: (object) => memberUses(definitionOf<Members>(object)),
  [objectKinds.cast.kind]: ofCast,
  [objectKinds.conversion.kind]: ofConversion,
  [objectKinds.transform.kind]: ofTransform,
};
