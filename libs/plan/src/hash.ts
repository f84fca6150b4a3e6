import { canonicalJson, sha256 } from '@dsem/schema';
import type { Plan } from './plan.js';

/** The value an approval binds to: `sha256:<hex>` over the canonical JSON of the plan without its hash. O(plan). */
export const hashOf = (plan: Plan | Omit<Plan, 'hash'>): string => {
  const { hash: _, ...content } = plan as Plan;
  return `sha256:${sha256(canonicalJson(content))}`;
};
