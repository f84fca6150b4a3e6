import type { Finding } from '@dsem/schema';
import type { Plan } from './plan.js';

/** The kinds of environments a plan may run in. */
export type EnvironmentType = 'development' | 'staging' | 'production' | 'disaster-recovery';

/** `blocks` stops the plan, `asks` needs a person's consent, `tells` is only reported. */
export type Judgement = 'blocks' | 'asks' | 'tells';

const strict: { readonly [Severity in Finding['severity']]: Judgement } = {
  error: 'blocks',
  warning: 'asks',
  info: 'tells',
};

const relaxed: { readonly [Severity in Finding['severity']]: Judgement } = {
  error: 'asks',
  warning: 'tells',
  info: 'tells',
};

/** What one finding means in one type of environment. */
export const judge = (finding: Finding, environment: EnvironmentType): Judgement => {
  switch (environment) {
    case 'development':
      return 'tells';
    case 'staging':
      return relaxed[finding.severity];
    case 'production':
    case 'disaster-recovery':
      return strict[finding.severity];
    default:
      return environment satisfies never;
  }
};

/** The findings of a plan that stop it in a type of environment unless somebody waives them. */
export const blockingFindings = (plan: Pick<Plan, 'findings'>, environment: EnvironmentType): readonly Finding[] =>
  plan.findings.filter((finding) => judge(finding, environment) === 'blocks');
