import type { DirectedStep } from '../execution/route.js';
import type { PreflightCheck } from './check.js';

const withoutNoun = (key: string): string => key.slice(key.indexOf(' ') + 1);

/** Paths of everything that the steps look at or change. */
const touched = (steps: readonly DirectedStep[]): readonly string[] =>
  steps.flatMap((step) => [
    step.place.object,
    ...Object.keys(step.before.objects).map(withoutNoun),
    ...Object.keys(step.after.objects).map(withoutNoun),
  ]);

const concerns = (privilege: string, paths: readonly string[]): boolean => {
  const object = /^(?:CREATE on schema|ownership of) (.+)$/.exec(privilege)?.[1];
  return object === undefined || paths.some((path) => path === object || path.startsWith(`${object}.`));
};

/** The role must own what the plan alters and may create where the plan creates. */
export const privileges: PreflightCheck = {
  id: 'privileges',
  check: ({ facts, steps }) => {
    const paths = touched(steps);
    const missing = facts.missingPrivileges.filter((privilege) => concerns(privilege, paths));
    if (missing.length === 0) return undefined;
    return { severity: 'refusal', code: 'MISSING_PRIVILEGE', why: `The agent's role lacks: ${missing.join(', ')}.` };
  },
};
