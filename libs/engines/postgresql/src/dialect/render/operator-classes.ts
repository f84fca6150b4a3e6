import type { RenderContext, Statement } from '@dsem/engine';
import { type EngineObject, equal } from '@dsem/schema';
import { finding } from '../hazards.js';
import { identifier, qualified } from '../identifiers.js';
import { definitionOf, objectKinds } from '../objects.js';
import type {
  FunctionMember,
  Members,
  OperatorClassDefinition,
  OperatorFamilyDefinition,
  OperatorMember,
} from '../operator-classes.js';
import { operatorSpelled } from '../operators.js';
import { hazardRules } from '../rules.js';
import { nameSpelled } from '../text-search.js';
import { commentOn } from './comments.js';
import type { ObjectRenderer } from './object.js';
import { locks, statement } from './statement.js';

const classOf = (object: EngineObject): OperatorClassDefinition => definitionOf<OperatorClassDefinition>(object);
const familyOf = (object: EngineObject): OperatorFamilyDefinition => definitionOf<OperatorFamilyDefinition>(object);

const named = ({ namespace = 'public' }: EngineObject, name: string, method: string): string =>
  `${qualified({ namespace, name })} USING ${identifier(method)}`;

/** An operator class as SQL names it. */
export const classTarget = (object: EngineObject): string =>
  `OPERATOR CLASS ${named(object, classOf(object).class, classOf(object).method)}`;
/** An operator family as SQL names it. */
export const familyTarget = (object: EngineObject): string =>
  `OPERATOR FAMILY ${named(object, familyOf(object).family, familyOf(object).method)}`;

const operatorText = ({ number, left, right, operator, orderBy }: OperatorMember): string => {
  const { namespace, name } = operatorSpelled(operator);
  const sorted = orderBy === undefined ? '' : ` FOR ORDER BY ${qualified(nameSpelled(orderBy))}`;
  return `OPERATOR ${number} ${identifier(namespace)}.${name} (${left}, ${right})${sorted}`;
};

const functionText = ({ number, left, right, function: called, arguments: types }: FunctionMember): string =>
  `FUNCTION ${number} (${left}, ${right}) ${qualified(nameSpelled(called))}(${types.join(', ')})`;

const memberTexts = ({ operators = [], functions = [] }: Members): readonly string[] => [
  ...operators.map(operatorText),
  ...functions.map(functionText),
];

const placeTexts = ({ operators = [], functions = [] }: Members): readonly string[] => [
  ...operators.map(({ number, left, right }) => `OPERATOR ${number} (${left}, ${right})`),
  ...functions.map(({ number, left, right }) => `FUNCTION ${number} (${left}, ${right})`),
];

const classText = (object: EngineObject): string => {
  const held = classOf(object);
  const members = memberTexts(held);
  const stored = held.storage === undefined ? [] : [`STORAGE ${held.storage}`];
  const items = members.length + stored.length === 0 ? [`STORAGE ${held.type}`] : [...members, ...stored];
  return [
    `CREATE OPERATOR CLASS ${qualified({ namespace: object.namespace ?? 'public', name: held.class })}`,
    ...(held.default ? ['DEFAULT'] : []),
    `FOR TYPE ${held.type} USING ${identifier(held.method)} FAMILY ${qualified(nameSpelled(held.family))}`,
    `AS ${items.join(', ')}`,
  ].join(' ');
};

const createClass: ObjectRenderer['create'] = ({ value }) => [
  statement(classText(value), { lock: locks.none }),
  ...commentOn(classTarget(value), value.comment),
];

/** Support functions without which a class cannot be; they go along with it, others stay in the family from 14 on. */
const needed: { readonly [method: string]: readonly number[] | undefined } = {
  btree: [1],
  hash: [1],
  gin: [2, 3],
  gist: [1, 2, 5, 6, 7],
  spgist: [1, 2, 3, 4, 5],
};

/** Methods whose operators go along with a class. */
const goAlong = new Set(['btree', 'hash']);

/** What DROP OPERATOR CLASS leaves in the family. */
const leftBehind = (object: EngineObject, { version }: RenderContext): readonly string[] => {
  const held = classOf(object);
  const own = needed[held.method];
  if (own === undefined || Number.parseInt(version, 10) < 14) return [];
  const functions = (held.functions ?? []).filter(({ number }) => !own.includes(number));
  return placeTexts({ operators: goAlong.has(held.method) ? [] : (held.operators ?? []), functions });
};

const goneClass = (object: EngineObject, context: RenderContext): readonly Statement[] => {
  const left = leftBehind(object, context);
  const { family, method } = classOf(object);
  const target = `OPERATOR FAMILY ${qualified(nameSpelled(family))} USING ${identifier(method)}`;
  return [
    statement(`DROP ${classTarget(object)}`, { lock: locks.none }),
    ...(left.length === 0 ? [] : [statement(`ALTER ${target} DROP ${left.join(', ')}`, { lock: locks.none })]),
  ];
};

const withHazard = (statements: readonly Statement[], hazards: Statement['hazards']): readonly Statement[] =>
  statements.map((one, at) => (at === 0 ? { ...one, hazards } : one));

const classRenderer: ObjectRenderer = {
  create: createClass,
  drop: ({ value, object }, context) =>
    withHazard(goneClass(value, context), [finding(hazardRules.dropOperator, object, `${object} is dropped.`)]),
  alter: ({ from, to, object }, context) => {
    if (equal(from.definition, to.definition)) return commentOn(classTarget(to), to.comment, from.comment);
    const hazards = [finding(hazardRules.changeOperator, object, `${object} is made anew.`)];
    return [
      ...withHazard(goneClass(from, context), hazards),
      ...createClass({ kind: 'create-object', object, value: to }, context),
    ];
  },
};

const added = (object: EngineObject, members: Members): readonly Statement[] => {
  const texts = memberTexts(members);
  return texts.length === 0
    ? []
    : [statement(`ALTER ${familyTarget(object)} ADD ${texts.join(', ')}`, { lock: locks.none })];
};

const less = (all: Members, others: Members): Members => {
  const rest = <One extends OperatorMember | FunctionMember>(
    ones: readonly One[] = [],
    more: readonly One[] = [],
  ): readonly One[] => ones.filter((one) => !more.some((other) => equal({ ...one }, { ...other })));
  return { operators: rest(all.operators, others.operators), functions: rest(all.functions, others.functions) };
};

const familyRenderer: ObjectRenderer = {
  create: ({ value }) => [
    statement(`CREATE ${familyTarget(value)}`, { lock: locks.none }),
    ...added(value, familyOf(value)),
    ...commentOn(familyTarget(value), value.comment),
  ],
  drop: ({ value, object }) => [
    statement(`DROP ${familyTarget(value)}`, {
      lock: locks.none,
      hazards: [finding(hazardRules.dropOperator, object, `${object} is dropped.`)],
    }),
  ],
  alter: ({ from, to, object }) => {
    const gone = placeTexts(less(familyOf(from), familyOf(to)));
    const statements = [
      ...(gone.length === 0
        ? []
        : [statement(`ALTER ${familyTarget(to)} DROP ${gone.join(', ')}`, { lock: locks.none })]),
      ...added(to, less(familyOf(to), familyOf(from))),
    ];
    const hazards = [finding(hazardRules.changeOperator, object, `${object} changes.`)];
    return [...withHazard(statements, hazards), ...commentOn(familyTarget(to), to.comment, from.comment)];
  },
};

/** Of operator classes and families. */
export const operatorClassRenderers: { readonly [kind: string]: ObjectRenderer } = {
  [objectKinds.operatorClass.kind]: classRenderer,
  [objectKinds.operatorFamily.kind]: familyRenderer,
};
