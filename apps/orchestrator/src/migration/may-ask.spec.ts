import type { Role } from '@dsem/api';
import type { EnvironmentType, Principal } from '@dsem/authz';
import { given } from '@dsem/event-store/testing';
import { environmentAdded } from '@dsem/events';
import { defaultPolicy, environment, type EnvironmentState } from '../environment/environment.js';
import { mayAsk } from './may-ask.js';

const typed = (name: string, type: EnvironmentType): EnvironmentState =>
  given(environment, [
    environmentAdded.of({ environment: name, type, engine: 'postgresql', policy: defaultPolicy(type) }),
  ]).state;

const dev = ['dev', typed('dev', 'development')] as const;
const prod = ['prod', typed('prod', 'production')] as const;

const caller = (role: Role, extra: Partial<Principal> = {}): Principal => ({
  id: 'ada',
  kind: 'key',
  tenant: 'default',
  roles: [role],
  ...extra,
});

describe('what a caller is offered', () => {
  it.each([
    ['developer', 'execute', [dev], true],
    ['developer', 'execute', [prod], false],
    ['developer', 'execute', [dev, prod], false],
    ['developer', 'plan', [prod], false],
    ['developer', 'retry', [dev, prod], true],
    ['developer', 'retry', [prod], false],
    ['developer', 'rollback', [dev, prod], true],
    ['developer', 'rollback', [prod], false],
    ['developer', 'approve', [dev], false],
    ['developer', 'cancel', [prod], true],
    ['developer', 'abandon', [dev], false],
    ['operator', 'execute', [dev, prod], true],
    ['operator', 'reject', [dev], false],
    ['approver', 'approve', [prod], true],
    ['approver', 'execute', [dev], false],
    ['auditor', 'cancel', [dev], false],
    ['administrator', 'resolve', [prod], true],
    ['administrator', 'sing', [prod], false],
  ] as const)('%s, %s: %#', (role, way, environments, offered) => {
    expect(mayAsk(caller(role), way, new Map(environments))).toBe(offered);
  });

  it('is no more than the key reaches', () => {
    const bound = caller('operator', { environments: ['dev'] });
    expect(mayAsk(bound, 'execute', new Map([dev, prod]))).toBe(false);
    expect(mayAsk(bound, 'retry', new Map([dev, prod]))).toBe(true);
    expect(mayAsk(caller('operator', { scopes: ['migration:read'] }), 'cancel', new Map([dev]))).toBe(false);
  });
});
