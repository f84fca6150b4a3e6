import type { Trigger } from '@dsem/schema';

/** Of a rule, which the model holds as a trigger; its body is its commands, and empty where it does nothing. */
export interface RuleAttributes {
  readonly rule: true;
  readonly event: 'insert' | 'update' | 'delete';
  /** Present where the commands take the place of what was asked for. */
  readonly instead?: true;
  readonly when?: string;
  /** Absent while it fires as usual. */
  readonly enabled?: 'disabled' | 'replica' | 'always';
}

/** Rules and triggers of one table may have the same names, so the model calls a rule by a word in front of its name. */
const word = 'rule ';

/** How the model calls a rule. */
export const ruleKey = (name: string): string => `${word}${name}`;

/** The name of a rule on the server. */
export const ruleName = ({ name }: Pick<Trigger, 'name'>): string =>
  name.startsWith(word) ? name.slice(word.length) : name;

/** Whether what the model holds as a trigger is a rule. */
export const isRule = ({ attributes }: Pick<Trigger, 'attributes'>): boolean => attributes?.['rule'] === true;
