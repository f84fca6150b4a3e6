import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { actions, roleSchema, routes, type Action, type RouteSpec } from '@dsem/api';
import { rolesFor } from '@dsem/authz';

const docs = join(__dirname, '..', 'docs');
const file = join(docs, 'roles.md');
const mark = '## All actions';
const roles = roleSchema.options;

/** Declared by the SDK alone: a server without a notifier answers that it is not available. */
const ofSdk: Readonly<Partial<Record<Action, string>>> = { 'webhook:manage': '`registerWebhook` (not served yet)' };

const callsOf = (action: Action): string => {
  const asking = (Object.values(routes) as RouteSpec[]).filter(
    ({ policy }) => 'action' in policy && policy.action === action,
  );
  return asking.length === 0 ? (ofSdk[action] ?? '') : asking.map(({ id }) => `\`${id}\``).join(', ');
};

const rowOf = (action: Action): string => {
  const may = rolesFor(action);
  const cells = roles.map((role) => {
    const grant = may.get(role);
    return grant === true ? 'yes' : (grant ?? '');
  });
  return `| \`${action}\` | ${callsOf(action)} | ${cells.join(' | ')} |`;
};

const section = (): string =>
  [
    mark,
    '',
    'Calls have the names of the SDK and of the REST interface ([api-reference.md](api-reference.md)); an empty cell is a no.',
    '',
    `| action | calls | ${roles.join(' | ')} |`,
    `|${'---|'.repeat(roles.length + 2)}`,
    ...actions.map(rowOf),
    '',
  ].join('\n');

describe('docs/roles.md', () => {
  it('holds who may do what, as the policy has it', () => {
    const page = readFileSync(file, 'utf8');
    const before = page.split(`\n${mark}\n`)[0] ?? page;
    if (process.env['DSEM_UPDATE_GOLDEN'] === '1') writeFileSync(file, `${before.trimEnd()}\n\n${section()}`);
    expect(readFileSync(file, 'utf8').endsWith(section())).toBe(true);
  });

  it('tells what each role is for', () => {
    const told = [...readFileSync(file, 'utf8').matchAll(/^\| ([a-z]+) \| who|^\| (agent) \| the key/gm)];
    expect(told.map(([, one, agent]) => one ?? agent)).toEqual(roles);
  });

  it.each(actions)('has a call for %s', (action) => {
    expect(callsOf(action)).not.toBe('');
  });

  it.each(['../README.md', 'approvals.md', 'configuration.md', 'cli.md'])('is linked from %s', (page) => {
    expect(readFileSync(join(docs, page), 'utf8')).toContain('roles.md)');
  });
});
