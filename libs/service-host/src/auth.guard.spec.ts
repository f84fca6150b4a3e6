import type { Action } from '@dsem/api';
import type { AccessContext, Principal } from '@dsem/authz';
import { authorize } from './auth.guard.js';

const caller = (extra: Partial<Principal>): Principal => ({
  id: 'ada',
  kind: 'key',
  tenant: 'default',
  roles: ['operator'],
  ...extra,
});

const refusal = (who: Partial<Principal>, action: Action, context: AccessContext): string => {
  try {
    authorize(caller(who), action, context);
  } catch (error) {
    return (error as Error).message;
  }
  return 'allowed';
};

describe('a refusal', () => {
  it.each([
    [
      'who has no role for it',
      { roles: ['developer'] },
      'migration:execute',
      { environment: 'prod', environmentType: 'production' },
      'key ada may not do migration:execute in prod; roles that may: administrator, operator, developer (in development and staging)',
    ],
    [
      'who has the action, and not for this',
      {},
      'environment:change',
      { environment: 'prod', environmentType: 'production', loosens: true },
      'key ada may not do environment:change in prod, which would loosen its policy; roles that may: administrator, operator (unless that loosens the policy of production or disaster recovery)',
    ],
    [
      'who has the action, and not by force',
      {},
      'environment:retire',
      { environment: 'dev', environmentType: 'development', forced: true },
      'key ada may not do environment:retire in dev by force; roles that may: administrator, operator (unless by force)',
    ],
    [
      'whose key has other scopes',
      { scopes: ['schema:*', 'audit:read'] },
      'migration:cancel',
      { environment: 'dev' },
      'key ada may not do migration:cancel in dev (its key is limited to the scopes schema:*, audit:read); roles that may: administrator, operator, developer',
    ],
    [
      'whose key has other environments',
      { environments: ['eu', 'us'] },
      'migration:cancel',
      { environment: 'dev' },
      'key ada may not do migration:cancel in dev (its key is limited to the environments eu, us); roles that may: administrator, operator, developer',
    ],
    ['nobody who may', {}, 'migration:cancel', { environment: 'dev' }, 'allowed'],
  ] as const)('tells %s who may', (_, who, action, context, said) => {
    expect(refusal(who as Partial<Principal>, action, context)).toBe(said);
  });
});
