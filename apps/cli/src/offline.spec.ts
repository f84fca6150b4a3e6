import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Plan } from '@dsem/plan';
import { golden } from '@dsem/testkit';
import type { z } from 'zod';
import { exitCodes } from './exit-codes.js';
import { planSql, planText } from './human/plan.js';
import { shapes } from './json-schemas.js';
import { paint } from './output/paint.js';
import { dsem, type Outcome } from './testing.js';

const data = join(import.meta.dirname, '..', 'testdata');
const states = join(data, 'states');
const pg = ['--engine', 'postgresql'];
const ends = ['--from', 'shop-1.sql', '--to', 'shop-2.sql'];

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'dsem-cli-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sides = ['--base', 'shop-1.sql', '--ours', 'shop-2.sql', '--theirs', 'shop-2b.sql'];

const inStates = (...argv: string[]): Promise<Outcome> => dsem(argv, { cwd: states });

describe('offline verbs in human words', () => {
  it.each([
    ['inspect', ['inspect', 'shop-2.sql', ...pg], 'fine'],
    ['inspect-sql', ['inspect', 'shop-2.sql', ...pg, '-o', 'sql'], 'fine'],
    ['inspect-folder', ['inspect', 'migrations', ...pg], 'fine'],
    ['diff', ['diff', ...ends, ...pg], 'changed'],
    ['diff-none', ['diff', '--from', 'shop-1.sql', '--to', 'migrations', ...pg], 'fine'],
    ['plan-none', ['plan', '--from', 'shop-1.sql', '--to', 'shop-1.sql', ...pg, '--exit-code'], 'fine'],
    ['check', ['check', ...ends, ...pg], 'fine'],
    ['check-forward', ['check', ...ends, ...pg, '--mode', 'forward'], 'incompatible'],
    ['check-consumers', ['check', ...ends, ...pg, '--consumers', 'consumers.json'], 'incompatible'],
    ['check-sarif', ['check', ...ends, ...pg, '--mode', 'full', '-o', 'sarif'], 'incompatible'],
    ['check-junit', ['check', ...ends, ...pg, '--mode', 'full', '-o', 'junit'], 'incompatible'],
    ['check-markdown', ['check', ...ends, ...pg, '--mode', 'full', '-o', 'markdown'], 'incompatible'],
    ['check-github', ['check', ...ends, ...pg, '--mode', 'full', '-o', 'github'], 'incompatible'],
    ['diff-yaml', ['diff', ...ends, ...pg, '-o', 'yaml'], 'changed'],
    ['merge', ['merge', '--base', 'shop-1.sql', '--ours', 'shop-2.sql', '--theirs', 'shop-2c.sql', ...pg], 'fine'],
    ['merge-conflict', ['merge', ...sides, ...pg], 'incompatible'],
    ['merge-resolved', ['merge', ...sides, ...pg, '--resolutions', 'resolutions.json', '-o', 'sql'], 'fine'],
    ['merge-take', ['merge', ...sides, ...pg, '--take', 'ours'], 'fine'],
    ['help', ['help'], 'fine'],
    ['help-plan', ['help', 'plan'], 'fine'],
    ['help-exit-codes', ['help', 'exit-codes'], 'fine'],
  ] as const)('%s prints what was accepted and ends as promised', async (name, argv, exit) => {
    const { code, out, err } = await inStates(...argv);
    expect([code, err]).toEqual([exitCodes[exit].code, '']);
    const shown = out.replace(/sha256:[0-9a-f]{64}/gu, 'sha256:…');
    expect(shown).toBe(golden(join(data, 'golden', `${name}.txt`), shown));
  });
});

describe('a plan', () => {
  const held = JSON.parse(readFileSync(join(data, 'plan.json'), 'utf8')) as Plan;

  it('is told so that nobody needs documentation', () => {
    const text = planText(held, paint(false));
    expect(text).toBe(golden(join(data, 'golden', 'plan.txt'), text));
  });

  it('is a script with transactions where a step has one', () => {
    expect(planSql(held)).toBe(golden(join(data, 'golden', 'plan-sql.txt'), planSql(held)));
  });

  it.each([
    [[], 'fine'],
    [['--exit-code'], 'changed'],
    [['--offline-style', '-o', 'sql', '--exit-code'], 'changed'],
    [['--engine-version', '13', '-o', 'markdown'], 'fine'],
  ] as const)('with %j ends as promised', async (more, exit) => {
    const { code, err, out } = await inStates('plan', ...ends, ...pg, ...more);
    expect([code, err]).toEqual([exitCodes[exit].code, '']);
    expect(out).toContain('nick');
  });
});

describe('JSON answers', () => {
  it.each([
    ['Inspect', ['inspect', 'shop-2.sql']],
    ['Diff', ['diff', ...ends]],
    ['Plan', ['plan', ...ends]],
    ['Check', ['check', ...ends, '--mode', 'full-transitive', '--from', 'shop-1.sql']],
  ] as const)('have the published shape %s, and no colours', async (name, argv) => {
    const { out } = await dsem([...argv, ...pg, '-o', 'json'], { cwd: states, tty: true });
    const shape: z.ZodType = shapes[name];
    expect(shape.safeParse(JSON.parse(out)).error).toBeUndefined();
    expect(out).not.toContain('\u001b');
  });

  it('are the same whatever form the state has', async () => {
    const fromSql = await inStates('inspect', 'shop-2.sql', ...pg, '-o', 'json');
    for (const format of ['json', 'yaml']) {
      const file = join(folder, `whole.${format}`);
      const { code } = await inStates('inspect', 'shop-2.sql', ...pg, '-o', format, '--output-file', file);
      expect(code).toBe(0);
      expect((await dsem(['inspect', file, '-o', 'json'])).out).toBe(fromSql.out);
    }
  });

  it('of inspect hold DDL that builds the same state', async () => {
    const { out: sql } = await inStates('inspect', 'shop-2.sql', ...pg, '-o', 'sql');
    const again = await dsem(['diff', '--from', '-', '--to', 'shop-2.sql', ...pg], { cwd: states, stdin: sql });
    expect([again.code, again.out]).toEqual([0, 'No change.\n']);
  });

  it('are published as JSON Schemas', async () => {
    const { out } = await inStates('help', 'json-schemas');
    expect(Object.keys(JSON.parse(out) as object)).toEqual(Object.keys(shapes));
  });
});

describe('streams', () => {
  it('hold colours on a terminal only, and not with NO_COLOR, CI or --no-color', async () => {
    const argv = ['diff', ...ends, ...pg];
    const colored = async (env: Record<string, string>, more: string[] = []): Promise<boolean> =>
      (await dsem([...argv, ...more], { cwd: states, tty: true, env })).out.includes('\u001b');
    expect(await colored({})).toBe(true);
    expect(await colored({ NO_COLOR: '1' })).toBe(false);
    expect(await colored({ CI: 'true' })).toBe(false);
    expect(await colored({}, ['--no-color'])).toBe(false);
  });

  it('take the state from standard input, and global options before the verb', async () => {
    const given = { stdin: 'CREATE TABLE t (id int);' };
    const { code, out } = await dsem(['-o', 'json', 'inspect', '-', ...pg], given);
    expect([code, (JSON.parse(out) as { engine: string }).engine]).toEqual([0, 'postgresql']);
  });

  it('say on standard error what was left out of the state, unless quiet', async () => {
    const given = { stdin: 'CREATE TABLE t (id int); INSERT INTO t VALUES (1);' };
    const told = await dsem(['inspect', '-', ...pg], given);
    expect(told.err).toMatch(/^note: <stdin>:1:\d+: /u);
    expect((await dsem(['inspect', '-', ...pg, '--quiet'], given)).err).toBe('');
  });
});
