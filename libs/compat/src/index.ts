export * from './report.js';
export { assess, scoreOf, type AssessmentInput } from './assess.js';
export { countedActors, isTransitive } from './modes.js';
export type { Hit, Rule, RuleContext } from './rule.js';
export { rules } from './rules/index.js';
export { rulesetDigest, type SeverityOverrides } from './ruleset.js';
