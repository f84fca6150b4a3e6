import type { RenderContext, Statement } from '@dsem/engine';
import { type Change, type EngineObject, equal, type Schema } from '@dsem/schema';
import type { OperatorDefinition } from '../code-objects.js';
import { finding } from '../hazards.js';
import { identifier, qualified } from '../identifiers.js';
import { definitionOf, objectKinds } from '../objects.js';
import { operatorSpelled, operatorText } from '../operators.js';
import { hazardRules } from '../rules.js';
import { nameSpelled } from '../text-search.js';
import { commentOn } from './comments.js';
import type { ObjectRenderer } from './object.js';
import { cannot, locks, statement } from './statement.js';

const held = (object: EngineObject): OperatorDefinition => definitionOf<OperatorDefinition>(object);

const name = (object: EngineObject): string => `${identifier(object.namespace ?? 'public')}.${held(object).operator}`;

/** An operator as SQL names it. */
export const operatorTarget = (object: EngineObject): string => {
  const { left, right } = held(object);
  return `OPERATOR ${name(object)}(${left ?? 'NONE'}, ${right ?? 'NONE'})`;
};

const called = (text: string): string => qualified(nameSpelled(text));

/** Parts that ALTER OPERATOR can set, as it writes them. */
const settable = (one: OperatorDefinition): { readonly [part: string]: string | undefined } => ({
  RESTRICT: one.restrict === undefined ? undefined : called(one.restrict),
  JOIN: one.join === undefined ? undefined : called(one.join),
  COMMUTATOR: one.commutator === undefined ? undefined : operatorText(one.commutator),
  NEGATOR: one.negator === undefined ? undefined : operatorText(one.negator),
  HASHES: one.hashes ? '' : undefined,
  MERGES: one.merges ? '' : undefined,
});

const partText = (part: string, text: string): string => (text === '' ? part : `${part} = ${text}`);

const create: ObjectRenderer['create'] = (change, { version }) => {
  const { value } = change;
  const one = held(value);
  if (one.right === undefined && Number.parseInt(version, 10) > 13)
    return cannot(change, 'an operator that stands behind its operand is unknown to PostgreSQL 14 and newer');
  const parts = [
    `FUNCTION = ${called(one.function)}`,
    ...(one.left === undefined ? [] : [`LEFTARG = ${one.left}`]),
    ...(one.right === undefined ? [] : [`RIGHTARG = ${one.right}`]),
    ...Object.entries(settable(one)).flatMap(([part, text]) => (text === undefined ? [] : [partText(part, text)])),
  ];
  return [
    statement(`CREATE OPERATOR ${name(value)} (${parts.join(', ')})`, { lock: locks.none }),
    ...commentOn(operatorTarget(value), value.comment),
  ];
};

const drop: ObjectRenderer['drop'] = ({ value, object }) => [
  statement(`DROP ${operatorTarget(value)}`, {
    lock: locks.none,
    hazards: [finding(hazardRules.dropOperator, object, `${object} is dropped.`)],
  }),
];

/** Whether the operator that is named as partner says the same of this one, or is still to be made and will. */
const isTold = (one: OperatorDefinition, part: 'commutator' | 'negator', state: Schema): boolean => {
  const partner = one[part];
  if (partner === undefined) return false;
  const { namespace, name: operator } = operatorSpelled(partner);
  const [left, right] = part === 'commutator' ? [one.right, one.left] : [one.left, one.right];
  const found = state.others.find((other) => {
    if (other.kind !== objectKinds.operator.kind || other.namespace !== namespace) return false;
    const they = held(other);
    return they.operator === operator && they.left === left && they.right === right;
  });
  return found === undefined || held(found)[part] === one.called;
};

interface Difference {
  readonly set: readonly string[];
  /** Whether only a new operator has the parts. */
  readonly remade: boolean;
}

/** Parts that only 17 and newer can set, and only where nothing is set. */
const setOnce = ['COMMUTATOR', 'NEGATOR', 'HASHES', 'MERGES'];

const difference = (from: EngineObject, to: EngineObject, { state, version }: RenderContext): Difference => {
  const [before, after] = [held(from), held(to)];
  const [old, wanted] = [settable(before), settable(after)];
  const changed = Object.keys(wanted).filter((part) => {
    const partner = part.toLowerCase() as 'commutator' | 'negator';
    const isPartner = part === 'COMMUTATOR' || part === 'NEGATOR';
    return old[part] !== wanted[part] && !(isPartner && old[part] === undefined && isTold(after, partner, state));
  });
  const major = Number.parseInt(version, 10);
  const remade =
    before.function !== after.function ||
    changed.some((part) => setOnce.includes(part) && (major < 17 || old[part] !== undefined));
  return {
    set: changed.map((part) => (wanted[part] === undefined ? `${part} = NONE` : partText(part, wanted[part]))),
    remade,
  };
};

/** Whether a new operator takes the place of the old one, so that whatever names it makes way. */
export const isRemadeOperator = (from: EngineObject, to: EngineObject, context: RenderContext): boolean =>
  to.kind === objectKinds.operator.kind && difference(from, to, context).remade;

const hazard = (change: Change) => [finding(hazardRules.changeOperator, change.object, `${change.object} changes.`)];

const alter: ObjectRenderer['alter'] = (change, context) => {
  const { from, to, object } = change;
  const comments = commentOn(operatorTarget(to), to.comment, from.comment);
  if (equal(from.definition, to.definition)) return comments;
  const { set, remade } = difference(from, to, context);
  if (remade) {
    const gone: Statement = statement(`DROP ${operatorTarget(from)}`, { lock: locks.none, hazards: hazard(change) });
    return [gone, ...create({ kind: 'create-object', object, value: to }, context)];
  }
  if (set.length === 0) return comments;
  return [
    statement(`ALTER ${operatorTarget(to)} SET (${set.join(', ')})`, { lock: locks.none, hazards: hazard(change) }),
    ...comments,
  ];
};

/** Of operators. */
export const operatorRenderer: ObjectRenderer = { create, alter, drop };
