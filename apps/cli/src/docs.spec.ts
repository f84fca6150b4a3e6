import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dsem } from './testing.js';

const root = join(import.meta.dirname, '..', '..', '..');
const cwd = join(root, 'apps', 'cli', 'testdata', 'states');
const page = readFileSync(join(root, 'docs', 'cli.md'), 'utf8');

/** Examples that need no server; a plan's wording is the planner's, so its page shows one of its time. */
const examples = [...page.matchAll(/```console\n\$ dsem ([^\n]+)\n([^]*?)\n```/gu)]
  .map(([, line = '', shown = '']) => ({ line, shown }))
  .filter(({ line }) => !/^(plan|rollout) /u.test(line));

it.each(examples.map(({ line, shown }) => [line, shown] as const))(
  'docs/cli.md shows what `dsem %s` prints',
  async (line, shown) => {
    const { out, err } = await dsem(line.split(' '), { cwd });
    expect(`${out}${err}`.replace(/sha256:[0-9a-f]{64}/gu, 'sha256:…').trimEnd()).toBe(shown);
  },
);

it('docs/cli.md names every verb', async () => {
  const { out } = await dsem(['help']);
  const verbs = [...(out.split('Commands:')[1] ?? '').matchAll(/^ {2}([a-z]+)/gmu)].map(([, name = '']) => name);
  expect(verbs.length).toBeGreaterThan(20);
  expect(verbs.filter((name) => !['help', 'version', 'logout'].includes(name) && !page.includes(name))).toEqual([]);
});
