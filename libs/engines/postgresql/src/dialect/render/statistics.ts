import type { RenderContext, Statement } from '@dsem/engine';
import { type Change, type EngineObject, equal, type ObjectName } from '@dsem/schema';
import { finding } from '../hazards.js';
import { identifier, qualified } from '../identifiers.js';
import { definitionOf, objectKinds } from '../objects.js';
import { hazardRules } from '../rules.js';
import type { StatisticsDefinition } from '../statistics.js';
import { commentOn } from './comments.js';
import type { ObjectRenderer } from './object.js';
import { cannot, locks, statement } from './statement.js';

const target = (name: ObjectName): string =>
  `${objectKinds.statistics.words} ${qualified({ namespace: name.namespace, name: name.name } as ObjectName)}`;

const check = (change: Change, { expressions = [] }: StatisticsDefinition, { version }: RenderContext): void => {
  if (expressions.length > 0 && Number.parseInt(version, 10) < 14)
    cannot(change, `statistics of an expression need PostgreSQL 14, the target has ${version}`);
};

const targetSet = (object: EngineObject, wanted: number | undefined, earlier?: number): readonly Statement[] =>
  wanted === earlier
    ? []
    : [statement(`ALTER ${target(object)} SET STATISTICS ${wanted ?? -1}`, { lock: locks.updateExclusive })];

const create: ObjectRenderer['create'] = (change, context) => {
  const { value } = change;
  const held = definitionOf<StatisticsDefinition>(value);
  check(change, held, context);
  const { columns = [], expressions = [], kinds = [] } = held;
  const counted = [...columns.map(identifier), ...expressions.map((text) => `(${text})`)].join(', ');
  const choice = kinds.length === 0 ? '' : ` (${kinds.join(', ')})`;
  return [
    statement(`CREATE ${target(value)}${choice} ON ${counted} FROM ${qualified(held.table)}`, {
      lock: locks.updateExclusive,
    }),
    ...targetSet(value, held.target),
    ...commentOn(target(value), value.comment),
  ];
};

const drop: ObjectRenderer['drop'] = ({ value, object }) => [
  statement(`DROP ${target(value)}`, {
    lock: locks.updateExclusive,
    hazards: [finding(hazardRules.dropStatistics, object, `${object} is dropped.`)],
  }),
];

const counts = ({ target: _, ...rest }: StatisticsDefinition): Omit<StatisticsDefinition, 'target'> => rest;

const alter: ObjectRenderer['alter'] = (change, context) => {
  const { from, to, object } = change;
  const [before, after] = [definitionOf<StatisticsDefinition>(from), definitionOf<StatisticsDefinition>(to)];
  if (equal(counts(before), counts(after)))
    return [...targetSet(to, after.target, before.target), ...commentOn(target(to), to.comment, from.comment)];
  return [
    statement(`DROP ${target(from)}`, {
      lock: locks.updateExclusive,
      hazards: [finding(hazardRules.changeStatistics, object, `${object} is made anew.`)],
    }),
    ...create({ kind: 'create-object', object, value: to }, context),
  ];
};

/** Of statistics objects. */
export const statisticsRenderer: ObjectRenderer = { create, alter, drop };
