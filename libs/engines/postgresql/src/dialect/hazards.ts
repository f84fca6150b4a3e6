import type { Finding } from '@dsem/schema';
import type { HazardRule } from './rules.js';

/** A finding of a rule about one object; `fix` where the statement to run first is known. */
export const finding = (rule: HazardRule, object: string, message: string, fix?: string): Finding => ({
  rule: rule.id,
  severity: rule.severity,
  hazard: rule.hazard,
  object,
  message,
  why: rule.why,
  fix: fix ?? rule.fix,
});
