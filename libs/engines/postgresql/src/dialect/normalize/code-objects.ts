import type { EngineObject } from '@dsem/schema';
import {
  type Called,
  castCalled,
  type CastDefinition,
  castKey,
  type ConversionDefinition,
  operatorCalled,
  type OperatorDefinition,
  operatorKey,
  type TransformDefinition,
  transformKey,
} from '../code-objects.js';
import { encodingName } from '../encodings.js';
import { definition, definitionOf, objectKinds } from '../objects.js';
import { operatorSpelled, spelledOperator } from '../operators.js';
import { routineType } from '../parse/routine-type.js';
import { nameSpelled, spelledName } from '../text-search.js';
import { placed } from '../types.js';
import type { Normalizer } from './object.js';

const called = (text: string): string => spelledName(nameSpelled(text));
const optional = (text: string | undefined, normal: (text: string) => string): string | undefined =>
  text === undefined ? undefined : normal(text);
const withArguments = (one: Called | undefined) =>
  one && { function: called(one.function), arguments: one.arguments.map(routineType) };
const operator = (text: string): string => spelledOperator(operatorSpelled(text));

const operatorNormalizer: Normalizer = (object) => {
  const given = definitionOf<OperatorDefinition>(object);
  const [left, right] = [optional(given.left, routineType), optional(given.right, routineType)];
  const key = { operator: given.operator, ...(left ? { left } : {}), ...(right ? { right } : {}) };
  return {
    ...object,
    ...placed(object),
    name: operatorKey(key),
    definition: definition({
      ...key,
      called: operatorCalled(placed(object), given.operator),
      function: called(given.function),
      commutator: optional(given.commutator, operator),
      negator: optional(given.negator, operator),
      restrict: optional(given.restrict, called),
      join: optional(given.join, called),
      hashes: given.hashes,
      merges: given.merges,
    }),
  };
};

const castNormalizer: Normalizer = (object) => {
  const given = definitionOf<CastDefinition>(object);
  const types = { source: routineType(given.source), target: routineType(given.target) };
  const held = {
    called: castCalled(types.target),
    ...types,
    with: withArguments(given.with),
    inout: given.inout,
    context: given.context,
  };
  return { ...object, name: castKey(types), definition: definition(held) };
};

const conversionNormalizer: Normalizer = (object) => {
  const given = definitionOf<ConversionDefinition>(object);
  return {
    ...object,
    ...placed(object),
    definition: definition({
      from: encodingName(given.from),
      to: encodingName(given.to),
      function: called(given.function),
      default: given.default,
    }),
  };
};

const transformNormalizer: Normalizer = (object) => {
  const given = definitionOf<TransformDefinition>(object);
  const key = { type: routineType(given.type), language: given.language };
  return {
    ...object,
    name: transformKey(key),
    definition: definition({ ...key, fromSql: withArguments(given.fromSql), toSql: withArguments(given.toSql) }),
  };
};

/** The normal form of operators, casts, conversions and transforms. */
export const codeNormalizers: { readonly [kind: string]: Normalizer } = {
  [objectKinds.operator.kind]: operatorNormalizer,
  [objectKinds.cast.kind]: castNormalizer,
  [objectKinds.conversion.kind]: conversionNormalizer,
  [objectKinds.transform.kind]: transformNormalizer,
};

const pathIn = (operator: string, left: string | undefined, right: string | undefined): string => {
  const { namespace, name } = operatorSpelled(operator);
  return JSON.stringify([namespace, name, left ?? null, right ?? null]);
};

/** An operator that another one names as its commutator or negator has that one for its own, where it says none. */
export const withPartners = (objects: readonly EngineObject[]): readonly EngineObject[] => {
  const operators = objects.filter(({ kind }) => kind === objectKinds.operator.kind);
  if (operators.length === 0) return objects;
  const partners = new Map<string, { commutator?: string; negator?: string }>();
  const say = (path: string, part: { commutator?: string; negator?: string }): void =>
    void partners.set(path, { ...partners.get(path), ...part });
  for (const { definition: held } of operators) {
    const { called: own, left, right, commutator, negator } = held as unknown as OperatorDefinition;
    if (commutator !== undefined) say(pathIn(commutator, right, left), { commutator: own });
    if (negator !== undefined) say(pathIn(negator, left, right), { negator: own });
  }
  return objects.map((object) => {
    if (object.kind !== objectKinds.operator.kind) return object;
    const held = definitionOf<OperatorDefinition>(object);
    const told = partners.get(pathIn(held.called, held.left, held.right)) ?? {};
    return { ...object, definition: definition({ ...told, ...held }) };
  });
};
