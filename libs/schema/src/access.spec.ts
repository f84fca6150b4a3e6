import { build, diff, moveGrant, rolesIn, type Schema, withGrantsOf } from './index.js';

const { column, grant, policy, routine, schema, sequence, table, view } = build;

const pg = (...parts: readonly build.SchemaPart[]): Schema => schema('postgresql', ...parts);
const users = table('public.users', column('id', 'bigint'), column('mail', 'text'));

describe('the roles of changes', () => {
  it('are those of grants and policies before and after, each once', () => {
    const from = pg(users, grant('clerk', 'public.users', ['SELECT']), policy('own', 'public.users', { roles: ['a'] }));
    const to = pg(users, grant('auditor', 'public.users', ['SELECT']), policy('own', 'public.users', { roles: ['b'] }));
    expect(rolesIn(diff(from, to, { sameType: () => true }))).toEqual(['a', 'auditor', 'b', 'clerk']);
  });
});

describe('privileges that somebody else manages', () => {
  it.each([
    ['public.users', true],
    ['public.users.mail', true],
    ['public.users.gone', false],
    ['public.lists', false],
    ['public."odd name"', true],
    ['sequence public.numbers', true],
    ['sequence of public.users.id', true],
    ['schema public', true],
    ['schema other', false],
    ['routine public.f(integer)', true],
    ['routine public.f(text)', false],
  ])('on %s stay where that is there: %s', (on, stays) => {
    const to = pg(
      users,
      sequence('public.numbers'),
      view('public.odd name', ''),
      routine('public.f', 'integer', ''),
      grant('clerk', 'public.users', ['UPDATE']),
    );
    const { grants } = withGrantsOf(to, pg(grant('clerk', on, ['SELECT'])));
    expect(grants.map((one) => one.on)).toEqual(stays ? [on] : []);
  });
});

describe('a grant of a moved object', () => {
  it.each([
    ['public.a', 'public.b'],
    ['public.a.x', 'public.b.x'],
    ['sequence of public.a.x', 'sequence of public.b.x'],
    ['public.ab', 'public.ab'],
    ['routine public.f(integer, public.a)', 'routine public.f(integer, public.a)'],
  ])('on %s stands on %s', (on, wanted) => {
    const moved = moveGrant({ name: `clerk on ${on}`, grantee: 'clerk', on, privileges: [] }, 'public.a', 'public.b');
    expect([moved.on, moved.name]).toEqual([wanted, `clerk on ${wanted}`]);
  });
});
