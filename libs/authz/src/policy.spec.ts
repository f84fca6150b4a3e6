import { actions, roleSchema, routes, type RouteSpec } from '@dsem/api';
import fc from 'fast-check';
import { actionsOf, can, environmentsOf, mayEver, rolesFor, whoMay } from './policy.js';
import { actorOf, type Principal } from './principal.js';

const roles = roleSchema.options;
const who = (role: Principal['roles'][number], extra: Partial<Principal> = {}): Principal => ({
  id: 'ada',
  kind: 'person',
  tenant: 'default',
  roles: [role],
  ...extra,
});

describe('the role table', () => {
  it.each([
    ['administrator', 'key:issue', {}, true],
    ['developer', 'key:issue', {}, false],
    ['developer', 'schema:register', {}, true],
    ['auditor', 'schema:register', {}, false],
    ['auditor', 'audit:export', {}, true],
    ['developer', 'audit:read', {}, false],
    ['developer', 'migration:execute', { environmentType: 'development' }, true],
    ['developer', 'migration:execute', { environmentType: 'staging' }, true],
    ['developer', 'migration:execute', { environmentType: 'production' }, false],
    ['developer', 'migration:execute', { environmentType: 'disaster-recovery' }, false],
    ['developer', 'migration:execute', {}, false],
    ['operator', 'migration:execute', { environmentType: 'production' }, true],
    ['operator', 'migration:approve', {}, false],
    ['approver', 'migration:approve', {}, true],
    ['approver', 'migration:execute', { environmentType: 'production' }, false],
    ['operator', 'environment:change', { environmentType: 'production' }, true],
    ['operator', 'environment:change', { environmentType: 'production', loosens: true }, false],
    ['operator', 'environment:change', { environmentType: 'disaster-recovery', loosens: true }, false],
    ['operator', 'environment:change', { environmentType: 'staging', loosens: true }, true],
    ['operator', 'environment:change', { loosens: true }, false],
    ['operator', 'environment:add', { environmentType: 'production' }, true],
    ['operator', 'environment:add', { environmentType: 'production', loosens: true }, false],
    ['administrator', 'environment:change', { environmentType: 'production', loosens: true }, true],
    ['administrator', 'environment:add', { environmentType: 'production', loosens: true }, true],
    ['operator', 'environment:retire', { environmentType: 'production' }, true],
    ['operator', 'environment:retire', { environmentType: 'development', forced: true }, false],
    ['administrator', 'environment:retire', { environmentType: 'production', forced: true }, true],
    ['agent', 'schema:read', {}, true],
    ['agent', 'migration:execute', { environmentType: 'development' }, false],
    ['agent', 'environment:read', { environment: 'eu' }, false],
  ] as const)('%s, %s, %j: %s', (role, action, context, allowed) => {
    expect(can(who(role), action, context)).toBe(allowed);
  });

  it('lets an agent touch its own environment only', () => {
    const agent = who('agent', { kind: 'agent', environments: ['eu'] });
    expect(can(agent, 'environment:read', { environment: 'eu' })).toBe(true);
    expect(can(agent, 'environment:read', { environment: 'us' })).toBe(false);
    expect(can(agent, 'environment:read')).toBe(false);
  });

  it('keeps a key with environments out of the others', () => {
    const key = who('operator', { environments: ['eu'] });
    expect(can(key, 'environment:change', { environment: 'eu' })).toBe(true);
    expect(can(key, 'environment:change', { environment: 'us' })).toBe(false);
  });

  it.each([
    ['a person', who('developer'), undefined],
    ['a key with environments', who('operator', { environments: ['eu', 'us'] }), ['eu', 'us']],
    ['an agent', who('agent', { kind: 'agent', environments: ['eu'] }), ['eu']],
    ['an agent without any', who('agent', { kind: 'agent' }), []],
    ['another scope', who('operator', { scopes: ['schema:*'], environments: ['eu'] }), []],
    ['nobody', { ...who('agent'), roles: [] }, []],
  ])('tells where %s may read migrations', (_, principal, expected) => {
    expect(environmentsOf(principal, 'migration:read')).toEqual(expected);
  });

  it('gives nobody without a role anything', () => {
    expect(actionsOf({ ...who('agent'), roles: [] })).toEqual([]);
  });

  it.each([
    ['key:issue', 'administrator'],
    ['migration:execute', 'administrator, operator, developer (in development and staging)'],
    ['key:rotate', roles.map((role) => `${role} (the own key)`).join(', ')],
  ] as const)('says who may do %s', (action, said) => {
    expect(whoMay(action)).toBe(said);
  });

  it('names the roles that may, and no others', () => {
    for (const action of actions)
      expect([...rolesFor(action).keys()].sort()).toEqual(
        roles.filter((role) => mayEver(who(role), action)).toSorted((a, b) => (a < b ? -1 : 1)),
      );
  });

  it('has somebody for every action, and a line for the action of every route', () => {
    for (const action of actions) expect(roles.some((role) => mayEver(who(role), action))).toBe(true);
    for (const { policy } of Object.values(routes) as RouteSpec[])
      if ('action' in policy) expect(actions).toContain(policy.action);
  });

  const principals = fc.record({
    id: fc.string(),
    kind: fc.constantFrom('person', 'key', 'service', 'agent'),
    tenant: fc.constant('default'),
    roles: fc.subarray([...roles]),
  }) satisfies fc.Arbitrary<Principal>;
  const contexts = fc.record(
    {
      environment: fc.constantFrom('eu', 'us'),
      environmentType: fc.constantFrom('development', 'staging', 'production', 'disaster-recovery'),
      loosens: fc.boolean(),
    },
    { requiredKeys: [] },
  );
  const anyAction = fc.constantFrom(...actions);

  it('never lets scopes add anything', () => {
    const scopes = fc.array(fc.oneof(anyAction, fc.constantFrom('migration:*', 'key:*', '*:*')));
    fc.assert(
      fc.property(principals, scopes, anyAction, contexts, (principal, given, action, context) => {
        const narrowed = can({ ...principal, scopes: given }, action, context);
        return !narrowed || can(principal, action, context);
      }),
    );
  });

  it('never allows by context what the role may never do', () => {
    fc.assert(
      fc.property(principals, anyAction, contexts, (principal, action, context) =>
        can(principal, action, context) ? mayEver(principal, action) : true,
      ),
    );
  });

  it('allows somebody with two roles what one of them allows', () => {
    fc.assert(
      fc.property(principals, anyAction, contexts, (principal, action, context) => {
        const single = principal.roles.some((role) => can({ ...principal, roles: [role] }, action, context));
        return can(principal, action, context) === single;
      }),
    );
  });
});

it('names actors by kind and id', () => {
  expect(actorOf(who('developer'))).toBe('person:ada');
});
