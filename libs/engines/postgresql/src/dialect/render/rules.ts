import type { Statement } from '@dsem/engine';
import { equal, type Trigger } from '@dsem/schema';
import { finding } from '../hazards.js';
import { identifier, qualified } from '../identifiers.js';
import { hazardRules } from '../rules.js';
import { attributesAs } from '../types/code.js';
import { type RuleAttributes, ruleName } from '../types/rules.js';
import { commentOn } from './comments.js';
import { statement } from './statement.js';
import { type SwitchState, switchWords } from './switch-words.js';

const held = (rule: Trigger): RuleAttributes => attributesAs<RuleAttributes>(rule);

const target = (rule: Trigger): string => `RULE ${identifier(ruleName(rule))} ON ${qualified(rule.table)}`;

const ruleText = (rule: Trigger, create: string): string => {
  const { event, instead, when } = held(rule);
  const commands = rule.body.normal;
  return [
    `${create} RULE ${identifier(ruleName(rule))} AS ON ${event.toUpperCase()} TO ${qualified(rule.table)}`,
    ...(when === undefined ? [] : [`WHERE (${when})`]),
    instead ? 'DO INSTEAD' : 'DO ALSO',
    commands === '' ? 'NOTHING' : `(${commands})`,
  ].join(' ');
};

const stateOf = (rule: Trigger | undefined): SwitchState =>
  (rule === undefined ? undefined : held(rule).enabled) ?? 'usual';

const switched = (from: Trigger | undefined, to: Trigger): readonly Statement[] => {
  const [before, after] = [stateOf(from), stateOf(to)];
  return before === after
    ? []
    : [statement(`ALTER TABLE ${qualified(to.table)} ${switchWords[after]} RULE ${identifier(ruleName(to))}`)];
};

/** CREATE RULE with its state and comment. */
export const createRule = (rule: Trigger): readonly Statement[] => [
  statement(ruleText(rule, 'CREATE')),
  ...switched(undefined, rule),
  ...commentOn(target(rule), rule.comment),
];

/** DROP RULE. */
export const dropRule = (rule: Trigger, object: string): readonly Statement[] => [
  statement(`DROP ${target(rule)}`, {
    hazards: [finding(hazardRules.dropRule, object, `The rule ${object} is dropped.`)],
  }),
];

const isSame = (from: Trigger, to: Trigger): boolean => {
  const [{ enabled: _, ...before }, { enabled: __, ...after }] = [held(from), held(to)];
  return from.body.normal === to.body.normal && equal(before as object, after as object);
};

/** A rule changes by CREATE OR REPLACE; its state and comment stay unless they change too. */
export const alterRule = (from: Trigger, to: Trigger, object: string): readonly Statement[] => {
  const replaced = isSame(from, to) ? [] : [statement(ruleText(to, 'CREATE OR REPLACE'))];
  const statements = [...replaced, ...switched(from, to)];
  const hazards = [finding(hazardRules.changeRule, object, `The rule ${object} changes.`)];
  return [
    ...statements.map((one, at) => (at === 0 ? { ...one, hazards } : one)),
    ...commentOn(target(to), to.comment, from.comment),
  ];
};
