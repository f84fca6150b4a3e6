import type { Severity } from '@dsem/schema';
import type { LintRule, LintSeverities } from './contract.js';

const order: readonly Severity[] = ['info', 'warning', 'error'];

/** The milder of two severities. */
export const milder = (one: Severity, other: Severity): Severity =>
  order.indexOf(one) < order.indexOf(other) ? one : other;

/** Whether a severity is at least as grave as another. */
export const atLeast = (one: Severity, other: Severity): boolean => order.indexOf(one) >= order.indexOf(other);

/** What somebody asked for about a rule comes before what the rule says; `off` when it is silent. */
export const severityOf = (rule: LintRule, asked: LintSeverities = {}): Severity | 'off' =>
  (Object.hasOwn(asked, rule.id) ? asked[rule.id] : undefined) ?? (rule.optional === true ? 'off' : rule.severity);
