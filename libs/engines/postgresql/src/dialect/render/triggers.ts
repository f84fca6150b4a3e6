import type { RenderContext, Statement } from '@dsem/engine';
import { equal, type Trigger } from '@dsem/schema';
import { finding } from '../hazards.js';
import { identifier, identifiers, qualified } from '../identifiers.js';
import { hazardRules } from '../rules.js';
import { attributesAs, type TriggerAttributes } from '../types/code.js';
import { isRule } from '../types/rules.js';
import { commentOn } from './comments.js';
import { alterRule, createRule, dropRule } from './rules.js';
import { locks, type Renderers, statement } from './statement.js';
import { type SwitchState, switchWords } from './switch-words.js';

const held = (trigger: Trigger): TriggerAttributes => attributesAs<TriggerAttributes>(trigger);

const eventsText = ({ events, columns = [] }: TriggerAttributes): string =>
  events
    .map((event) =>
      event === 'update' && columns.length > 0 ? `UPDATE OF ${identifiers(columns)}` : event.toUpperCase(),
    )
    .join(' OR ');

const transitions = ({ oldTable, newTable }: TriggerAttributes): string | undefined => {
  const tables = [
    ...(oldTable === undefined ? [] : [`OLD TABLE AS ${identifier(oldTable)}`]),
    ...(newTable === undefined ? [] : [`NEW TABLE AS ${identifier(newTable)}`]),
  ];
  return tables.length === 0 ? undefined : `REFERENCING ${tables.join(' ')}`;
};

const triggerText = (trigger: Trigger, replace: boolean): string => {
  const has = held(trigger);
  return [
    `CREATE${replace ? ' OR REPLACE' : ''}${has.constraint ? ' CONSTRAINT' : ''} TRIGGER ${identifier(trigger.name)}`,
    `${has.timing.toUpperCase()} ${eventsText(has)} ON ${qualified(trigger.table)}`,
    has.from && `FROM ${qualified(has.from)}`,
    has.deferrable && 'DEFERRABLE',
    has.initiallyDeferred && 'INITIALLY DEFERRED',
    transitions(has),
    `FOR EACH ${has.row ? 'ROW' : 'STATEMENT'}`,
    has.when === undefined ? undefined : `WHEN (${has.when})`,
    `EXECUTE FUNCTION ${trigger.body.normal}`,
  ]
    .filter((part) => typeof part === 'string')
    .join(' ');
};

const target = (trigger: Trigger): string => `TRIGGER ${identifier(trigger.name)} ON ${qualified(trigger.table)}`;

const switchTo = (trigger: Trigger, state: SwitchState): Statement =>
  statement(`ALTER TABLE ${qualified(trigger.table)} ${switchWords[state]} TRIGGER ${identifier(trigger.name)}`, {
    lock: locks.rowExclusive,
  });

const enabled = (trigger: Trigger): readonly Statement[] => {
  const state = held(trigger).enabled;
  return state === undefined ? [] : [switchTo(trigger, state)];
};

const create = (trigger: Trigger): readonly Statement[] => [
  statement(triggerText(trigger, false), { lock: locks.rowExclusive }),
  ...enabled(trigger),
  ...commentOn(target(trigger), trigger.comment),
];

const withoutState = (trigger: Trigger): Omit<Trigger, 'comment'> => {
  const { comment: _, ...rest } = trigger;
  const { enabled: __, ...attributes } = held(trigger);
  return { ...rest, attributes: { ...attributes } as NonNullable<Trigger['attributes']> };
};

const replaced = (from: Trigger, to: Trigger, { version }: RenderContext): readonly Statement[] => {
  const [before, after] = [held(from), held(to)];
  if (Number(version) < 14 || before.constraint || after.constraint) {
    return [statement(`DROP ${target(from)}`), ...create(to)];
  }
  return [
    statement(triggerText(to, true), { lock: locks.rowExclusive }),
    ...enabled(to),
    ...commentOn(target(to), to.comment, from.comment),
  ];
};

const switched = (from: Trigger, to: Trigger): readonly Statement[] => {
  const before = held(from).enabled ?? 'usual';
  const after = held(to).enabled ?? 'usual';
  const moved = before === after ? [] : [switchTo(to, after)];
  return [...moved, ...commentOn(target(to), to.comment, from.comment)];
};

const alter = (from: Trigger, to: Trigger, object: string, context: RenderContext): readonly Statement[] => {
  const statements = equal(withoutState(from), withoutState(to)) ? switched(from, to) : replaced(from, to, context);
  const [first, ...rest] = statements;
  if (first === undefined || equal({ ...from, comment: '' }, { ...to, comment: '' })) return statements;
  const isOff = held(to).enabled === 'disabled' && held(from).enabled !== 'disabled';
  const hazard = isOff
    ? finding(hazardRules.disableTrigger, object, `The trigger ${object} no longer fires.`)
    : finding(hazardRules.changeTrigger, object, `The trigger ${object} changes.`);
  return [{ ...first, hazards: [hazard] }, ...rest];
};

const drop = (trigger: Trigger, object: string): readonly Statement[] => [
  statement(`DROP ${target(trigger)}`, {
    hazards: [finding(hazardRules.dropTrigger, object, `The trigger ${object} is dropped.`)],
  }),
];

/** Triggers and rules of tables and views. */
export const triggerRenderers: Renderers<'create-trigger' | 'drop-trigger' | 'alter-trigger'> = {
  'create-trigger': ({ trigger }) => (isRule(trigger) ? createRule(trigger) : create(trigger)),
  'drop-trigger': ({ trigger, object }) => (isRule(trigger) ? dropRule(trigger, object) : drop(trigger, object)),
  'alter-trigger': ({ from, to, object }, context) =>
    isRule(to) ? alterRule(from, to, object) : alter(from, to, object, context),
};
