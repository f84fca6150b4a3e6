import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exitCodes, type Exit } from './exit-codes.js';
import { shapes } from './json-schemas.js';
import { dsem } from './testing.js';

const pg = ['--engine', 'postgresql'];
const deep = (open: string, close: string, n: number): string => open.repeat(n) + close.repeat(n);

const files: Readonly<Record<string, string | Uint8Array>> = {
  'broken.sql': 'CREATE TABLE t (\n  a int,\n  b intt\n  c text);',
  'several.sql': 'create tabel a (b int);\ncreate table c (d int);\ncreate table c (d int,);',
  'plain-utf16.sql': Buffer.from('CREATE TABLE t (a int);', 'utf16le'),
  'dump.sql': '-- x\nCREATE TABLE `t` (\n  `id` int NOT NULL AUTO_INCREMENT\n) ENGINE=InnoDB;',
  'deep.sql': `CREATE TABLE t (a int CHECK (${deep('(', ')', 200_000).replace('()', '(a > 0)')}));`,
  'deep.json': `{"engine":"postgresql","tables":${deep('[', ']', 200_000)}}`,
  'deep.yaml': `engine: postgresql\ntables: ${deep('[', ']', 100_000)}\n`,
  'aliases.yaml': `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghij'
    .split('')
    .map((name, at, all) => `${name}: &${name} [${`*${all[at - 1] ?? 'a'},`.repeat(9)}]\n`)
    .join('')}`,
  'broken.json': '{"engine":"postgresql",\n "tables": [}',
  'broken.yaml': 'engine: postgresql\ntables: [a: b: c]\n',
  'shape.json': '{"engine":"postgresql","tables":[{"name":5}]}',
  'unknown.json': '{"engine":"postgresql","tabels":[]}',
  'prototype.json': '{"engine":"postgresql","__proto__":{"tables":[]}}',
  'list.json': '[]',
  'other.json': '{"engine":"oracle"}',
  'utf16.sql': Buffer.from('\ufeffCREATE TABLE t (a int);', 'utf16le'),
  'latin1.sql': Buffer.from('-- caf\u00e9', 'latin1'),
  'nul.sql': 'SELECT\n a\0b',
  'empty.sql': '',
  'wide.sql': `CREATE TABLE wide (${Array.from({ length: 1601 }, (_, at) => `c${at} int`).join()});`,
  'twice.sql': 'CREATE TABLE t (a int); CREATE TABLE t (a int);',
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dsem-hostile-'));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  mkdirSync(join(folder, 'nothing'));
  mkdirSync(join(folder, 'mixed'));
  writeFileSync(join(folder, 'mixed', 'a.sql'), '');
  writeFileSync(join(folder, 'mixed', 'b.json'), '{}');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Case = readonly [argv: readonly string[], exit: Exit, code: string, part: string];

const inputs: readonly Case[] = [
  [['inspect', 'missing.sql'], 'refused', 'DSEM-4001', 'missing.sql'],
  [['inspect', 'nothing', ...pg], 'refused', 'DSEM-4001', 'nothing'],
  [['inspect', 'mixed', ...pg], 'usage', 'DSEM-1015', 'mixed'],
  [['inspect', 'broken.sql', ...pg], 'refused', 'DSEM-2001', 'broken.sql:4:3'],
  [['inspect', 'several.sql', ...pg], 'refused', 'DSEM-2001', 'several.sql:3:23: syntax error at or near ")"'],
  [['inspect', 'plain-utf16.sql', ...pg], 'refused', 'DSEM-2001', 'looks like UTF-16'],
  [['inspect', 'dump.sql', ...pg], 'refused', 'DSEM-2001', 'this looks like MySQL'],
  [['inspect', 'deep.sql', ...pg], 'refused', 'DSEM-2001', 'deep.sql:1:'],
  [['inspect', 'wide.sql', ...pg], 'refused', 'DSEM-2002', 'public.wide has 1601 columns, and postgresql allows 1600'],
  [['inspect', 'deep.json'], 'refused', 'DSEM-2003', 'deeper than 64'],
  [['inspect', 'deep.yaml'], 'refused', 'DSEM-2003', 'too deeply'],
  [['inspect', 'aliases.yaml', ...pg], 'refused', 'DSEM-2003', 'aliases.yaml'],
  [['inspect', 'broken.json'], 'refused', 'DSEM-2001', 'broken.json:2:13'],
  [['inspect', 'broken.yaml'], 'refused', 'DSEM-2001', 'broken.yaml:2:13'],
  [['inspect', 'shape.json'], 'refused', 'DSEM-2003', 'tables[0].name'],
  [['inspect', 'unknown.json'], 'refused', 'DSEM-2003', 'tabels'],
  [['inspect', 'prototype.json'], 'refused', 'DSEM-2003', '__proto__'],
  [['inspect', 'list.json'], 'refused', 'DSEM-2003', 'list.json'],
  [['inspect', 'latin1.sql', ...pg], 'refused', 'DSEM-2001', 'latin1.sql:1:1'],
  [['inspect', 'nul.sql', ...pg], 'refused', 'DSEM-2001', 'nul.sql:2:3'],
  [['inspect', 'twice.sql', ...pg], 'refused', 'DSEM-2004', 'public.t'],
  [['inspect', 'empty.sql'], 'usage', 'DSEM-1015', '--engine'],
  [['inspect', 'empty.sql', '--engine', 'db2'], 'refused', 'DSEM-2006', 'db2'],
  [['diff', '--from', 'other.json', '--to', 'empty.sql', ...pg], 'refused', 'DSEM-2005', 'oracle'],
  [['inspect', 'postgresql://someone:secret@127.0.0.1:1/x'], 'unreachable', 'DSEM-3001', '127.0.0.1:1'],
  [['inspect', 'gopher://x'], 'usage', 'DSEM-1015', 'gopher'],
  [['verify', 'missing.jsonl'], 'refused', 'DSEM-4001', 'missing.jsonl'],
  [['verify', 'empty.sql', '--public-key', 'no key'], 'refused', 'DSEM-5003', ''],
  [
    ['check', '--from', 'empty', '--to', 'empty', ...pg, '--consumers', 'shape.json'],
    'refused',
    'DSEM-2003',
    'consumers',
  ],
];

const lines: readonly Case[] = [
  [['frobnicate'], 'usage', 'DSEM-1015', 'frobnicate'],
  [['inspct', 'x'], 'usage', 'DSEM-1015', 'inspect'],
  [['inspect'], 'usage', 'DSEM-1015', 'state'],
  [['inspect', 'a', 'b'], 'usage', 'DSEM-1015', 'too many'],
  [['diff', '--from', 'a'], 'usage', 'DSEM-1015', '--to'],
  [['diff', '--from', '-', '--to', '-', ...pg], 'usage', 'DSEM-1015', 'standard input'],
  [['inspect', 'empty', ...pg, '-o', 'xml'], 'usage', 'DSEM-1015', 'xml'],
  [['inspect', 'empty', ...pg, '-o', 'sarif'], 'usage', 'DSEM-1015', 'sarif'],
  [['diff', '--from', 'empty', '--to', 'empty', ...pg, '-o', 'sql'], 'usage', 'DSEM-1015', 'sql'],
  [['check', '--from', 'empty', '--to', 'empty', ...pg, '--mode', 'sideways'], 'usage', 'DSEM-1015', 'sideways'],
  [['plan', '--from', 'empty', '--to', 'empty', ...pg, '--engine-version', '9'], 'refused', 'DSEM-2104', '13 to 18'],
  [['plan', '--from', 'empty', '--to', 'empty', ...pg, '--engine-version', 'x'], 'refused', 'DSEM-2104', '13 to 18'],
  [['inspect', 'empty', ...pg, '--output-file', '/nonexistent/x'], 'refused', 'DSEM-4001', '/nonexistent'],
  [['--timeout', 'soon', 'status'], 'usage', 'DSEM-1015', 'soon'],
  [['schema'], 'usage', 'DSEM-1015', 'help schema'],
  [['help', 'nowhere'], 'usage', 'DSEM-1015', 'nowhere'],
  [['schema', 'list', '--endpoint', 'ftp://x'], 'usage', 'DSEM-1015', 'ftp://x'],
  [['schema', 'list', '--endpoint', 'http://u:p@127.0.0.1'], 'usage', 'DSEM-1015', 'credentials'],
];

describe.each([
  ['inputs', inputs],
  ['command lines', lines],
])('wrong %s', (_, cases) => {
  it.each(cases)('%j: refused with its code and exit, told on standard error', async (argv, exit, code, part) => {
    const said = await dsem(argv, { cwd: folder, env: { XDG_CONFIG_HOME: folder } });
    expect([said.code, said.out]).toEqual([exitCodes[exit].code, '']);
    expect(said.err).toMatch(new RegExp(`^${code} .+\\n(.+\\n)*  Fix: .+\\n$`, 'u'));
    expect(said.err).toContain(part);
    expect(said.err).not.toContain('secret');
  });

  it.each(cases)('%j: the same as JSON on standard output', async (argv, exit, code) => {
    const said = await dsem(['-o', 'json', ...argv], { cwd: folder, env: { XDG_CONFIG_HOME: folder } });
    if (argv.includes('-o')) return;
    expect([said.code, said.err]).toEqual([exitCodes[exit].code, '']);
    const shaped = shapes.Error.parse(JSON.parse(said.out));
    expect(shaped.error.code).toBe(code);
  });
});

it('reads UTF-16 as Windows shells write it', async () => {
  const { code, out } = await dsem(['inspect', 'utf16.sql', ...pg], { cwd: folder });
  expect([code, out]).toEqual([0, expect.stringContaining('table public.t')]);
});

it('shows control characters of names instead of obeying them', async () => {
  const stdin = 'CREATE TABLE "\u001b[31mred\u0007" (a int);';
  const { out } = await dsem(['inspect', '-', ...pg], { stdin });
  expect(out).toContain('\\u001b[31mred\\u0007');
  expect(out).not.toContain('\u001b');
});
