import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dsem } from './testing.js';

const pg = ['--engine', 'postgresql'];
const before = 'CREATE TABLE person (id int PRIMARY KEY, mail text, born date);';
const files: Readonly<Record<string, string>> = {
  'before.sql': before,
  'column.sql':
    'CREATE TABLE person (\n  id int PRIMARY KEY,\n  -- dsem: renamed from mail\n  address text,\n  born date);',
  'both.sql':
    '-- dsem: renamed from person\nCREATE TABLE "Human" (id int CONSTRAINT person_pkey PRIMARY KEY,\n  -- dsem: renamed from mail\n  -- where to write\n  "Address" text, born date);',
  'plain.sql': 'CREATE TABLE person (id int PRIMARY KEY, address text, born date);',
  'moved.sql':
    'CREATE SCHEMA app; SET search_path TO app;\n-- dsem: renamed from public.person\nCREATE TABLE person (id int PRIMARY KEY, mail text, born date);',
  'stray.sql': `${before}\n-- dsem: renamed from nothing\nALTER TABLE person ADD COLUMN x int;`,
  'list.sql': 'CREATE TABLE person (\n-- dsem: renamed from mail\nPRIMARY KEY (id), id int);',
  'column.json': JSON.stringify({
    engine: 'postgresql',
    tables: [
      {
        name: 'human',
        renamedFrom: 'person',
        primaryKey: { name: 'person_pkey', columns: ['id'] },
        columns: [
          { name: 'id', type: { native: 'int', canonical: { kind: 'int', bits: 32 } }, nullable: false },
          {
            name: 'address',
            renamedFrom: 'mail',
            type: { native: 'text', canonical: { kind: 'text' } },
            nullable: true,
          },
          { name: 'born', type: { native: 'date', canonical: { kind: 'date' } }, nullable: true },
        ],
        uniques: [],
        foreignKeys: [],
        checks: [],
        indexes: [],
      },
    ],
  }),
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dsem-renames-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const kindsOf = async (from: string, to: string): Promise<readonly string[]> => {
  const { out } = await dsem(['diff', '--from', from, '--to', to, ...pg, '-o', 'json'], { cwd: folder });
  const { changes } = JSON.parse(out) as {
    readonly changes: readonly { readonly kind: string; readonly object: string }[];
  };
  return changes.map(({ kind, object }) => `${kind} ${object}`);
};

describe('what a state says of earlier names', () => {
  it.each([
    ['column.sql', ['rename-column public.person.mail']],
    ['both.sql', ['rename-table public.person', 'rename-column public.Human.mail']],
    ['column.json', ['rename-table public.person', 'rename-column public.human.mail']],
    ['plain.sql', ['add-column public.person.address', 'drop-column public.person.mail']],
  ])('%s is reached by %j', async (to, kinds) => {
    expect([...(await kindsOf('before.sql', to))].sort()).toEqual([...kinds].sort());
  });

  it.each([
    ['diff', 'plain.sql', 'note: The column public.person.mail goes while address of the same type comes;'],
    ['plan', 'plain.sql', '`-- dsem: renamed from mail` in front of it'],
    ['diff', 'column.sql', ''],
    ['plan', 'column.sql', ''],
  ])('is asked for by %s of %s', async (verb, to, told) => {
    const { err } = await dsem([verb, '--from', 'before.sql', '--to', to, ...pg], { cwd: folder });
    if (told === '') expect(err).not.toContain('note:');
    else expect(err).toContain(told);
  });

  it('says nothing once it was followed, or where nothing had that name', async () => {
    expect(await kindsOf('plain.sql', 'column.sql')).toEqual([]);
    expect(await kindsOf('column.sql', 'column.sql')).toEqual([]);
    expect(await kindsOf('empty', 'column.sql')).toEqual(['create-table public.person']);
  });

  it('follows a table to another schema', async () => {
    expect(await kindsOf('before.sql', 'moved.sql')).toEqual(['rename-table public.person', 'create-namespace app']);
  });

  it('is planned and judged as a rename', async () => {
    const pair = ['--from', 'before.sql', '--to', 'column.sql', ...pg, '-o', 'json'];
    const planned = JSON.parse((await dsem(['plan', ...pair], { cwd: folder })).out) as {
      readonly destructive: boolean;
    };
    const checked = JSON.parse((await dsem(['check', ...pair], { cwd: folder })).out) as {
      readonly findings: readonly { readonly rule: string }[];
    };
    expect(planned.destructive).toBe(false);
    expect(checked.findings.map(({ rule }) => rule)).toEqual(['rename-column']);
  });

  it('is heard in batch', async () => {
    const request = { id: 1, verb: 'diff', engine: 'postgresql', from: before, to: files['column.sql'] };
    const { out } = await dsem(['batch'], { stdin: `${JSON.stringify(request)}\n` });
    expect(out).toContain('"rename-column"');
  });

  it.each([
    ['stray.sql', 'stray.sql:2:1'],
    ['list.sql', 'list.sql:2:1'],
  ])('is refused out of place, as in %s', async (file, place) => {
    const { code, err } = await dsem(['inspect', file, ...pg], { cwd: folder });
    expect(code).toBe(1);
    expect(err).toContain(place);
    expect(err).toContain('stands in front of no table or column');
  });
});
