import { type Severity, canonicalJson, sha256 } from '@dsem/schema';
import type { Rule } from './rule.js';

/** Another severity per rule id; `off` switches the rule off. */
export type SeverityOverrides = Readonly<Record<string, Severity | 'off'>>;

/** Names what was judged by: rules and overrides, so that a verdict can be told to be outdated. `sha256:<hex>`. */
export const rulesetDigest = (rules: readonly Rule[], overrides: SeverityOverrides): string =>
  `sha256:${sha256(canonicalJson({ rules: rules.map(({ check: _, ...told }) => told), overrides }))}`;
