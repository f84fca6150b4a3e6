import type { RenderContext, Statement } from '@dsem/engine';
import { type Change, type EngineObject, equal } from '@dsem/schema';
import type { EventTriggerDefinition } from '../event-triggers.js';
import { finding } from '../hazards.js';
import { identifier, literal, qualified } from '../identifiers.js';
import { definitionOf } from '../objects.js';
import { hazardRules } from '../rules.js';
import { nameSpelled } from '../text-search.js';
import { commentOn } from './comments.js';
import type { ObjectRenderer } from './object.js';
import { cannot, locks, statement } from './statement.js';
import { type SwitchState, switchWords } from './switch-words.js';

const held = (object: EngineObject): EventTriggerDefinition => definitionOf<EventTriggerDefinition>(object);
const target = (object: EngineObject): string => `EVENT TRIGGER ${identifier(object.name)}`;

const check = (change: Change, { event }: EventTriggerDefinition, { version }: RenderContext): void => {
  if (event === 'login' && Number.parseInt(version, 10) < 17)
    cannot(change, `an event trigger on login needs PostgreSQL 17, the target has ${version}`);
};

const stateOf = (object: EngineObject | undefined): SwitchState =>
  (object === undefined ? undefined : held(object).enabled) ?? 'usual';

const switched = (from: EngineObject | undefined, to: EngineObject): readonly Statement[] =>
  stateOf(from) === stateOf(to)
    ? []
    : [statement(`ALTER ${target(to)} ${switchWords[stateOf(to)]}`, { lock: locks.none })];

const createText = (object: EngineObject): string => {
  const { event, tags = [], function: called } = held(object);
  const filter = tags.length === 0 ? '' : ` WHEN TAG IN (${tags.map(literal).join(', ')})`;
  return `CREATE ${target(object)} ON ${identifier(event)}${filter} EXECUTE FUNCTION ${qualified(nameSpelled(called))}()`;
};

const create: ObjectRenderer['create'] = (change, context) => {
  const { value, object } = change;
  check(change, held(value), context);
  const hazards =
    stateOf(value) === 'disabled'
      ? []
      : [finding(hazardRules.eventTrigger, object, `${object} fires from here on, in this plan too.`)];
  return [
    statement(createText(value), { lock: locks.none, hazards }),
    ...switched(undefined, value),
    ...commentOn(target(value), value.comment),
  ];
};

const drop: ObjectRenderer['drop'] = ({ value, object }) => [
  statement(`DROP ${target(value)}`, {
    lock: locks.none,
    hazards: [finding(hazardRules.dropEventTrigger, object, `${object} is dropped.`)],
  }),
];

const withoutState = (object: EngineObject): object => ({ ...held(object), enabled: null });

const alter: ObjectRenderer['alter'] = (change, context) => {
  const { from, to, object } = change;
  if (!equal(withoutState(from), withoutState(to)))
    return [
      statement(`DROP ${target(from)}`, { lock: locks.none }),
      ...create({ kind: 'create-object', object, value: to }, context),
    ];
  const [first] = switched(from, to);
  const isOff = stateOf(to) === 'disabled';
  const rule = isOff ? hazardRules.dropEventTrigger : hazardRules.eventTrigger;
  const told = isOff ? `${object} no longer fires.` : `${object} fires from here on, in this plan too.`;
  return [
    ...(first ? [{ ...first, hazards: [finding(rule, object, told)] }] : []),
    ...commentOn(target(to), to.comment, from.comment),
  ];
};

/** Of event triggers. */
export const eventTriggerRenderer: ObjectRenderer = { create, alter, drop };
