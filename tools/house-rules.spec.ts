import { join } from 'node:path';
import { ESLint } from 'eslint';

const root = join(__dirname, '..');

// In CI the type-aware parser would read a file from disk once instead of the text it is given.
process.env['TSESTREE_SINGLE_RUN'] = 'false';

/** The code of `text`, linted as if it stood in `file`, which must exist for the type-aware rules. */
const rulesBroken = async (file: string, text: string): Promise<string[]> => {
  const eslint = new ESLint({ cwd: root });
  const [result] = await eslint.lintText(text, { filePath: join(root, file) });
  return (result?.messages ?? []).map(({ ruleId, message }) => ruleId ?? message);
};

const pure = 'libs/plan/src/plan.ts';
const aggregate = 'apps/registry/src/subject/subject.ts';
const dialect = 'libs/engines/postgresql/src/dialect/grammar.ts';
const edge = 'libs/messaging/src/bus.ts';
const driver = 'libs/engines/postgresql/src/driver/connect.ts';
const spec = 'tools/house-rules.spec.ts';
const listens = (made: string): string => `import pg from 'pg';\nexport const x: unknown = ${made};`;
const long = `export const long = (): number => {\n${'  Math.abs(1);\n'.repeat(41)}  return 1;\n};\n`;

// The first text waits for the types of the whole repository.
jest.setTimeout(180_000);

describe('the house rules', () => {
  it.each([
    [
      'an engine compared by name',
      pure,
      "export const x = (e: string): boolean => e === 'mysql';",
      'no-restricted-syntax',
    ],
    [
      'an engine name in a case',
      edge,
      "export const x = (e: string): number => {\nswitch (e) {\ncase 'oracle':\nreturn 1;\ndefault:\nreturn 2;\n}\n};",
      'no-restricted-syntax',
    ],
    ['the clock in a library of logic', pure, 'export const x = (): number => Date.now();', 'no-restricted-properties'],
    ['the clock in an aggregate', aggregate, 'export const x = (): Date => new Date();', 'no-restricted-syntax'],
    ['chance in a dialect', dialect, 'export const x = (): number => Math.random();', 'no-restricted-properties'],
    ['the environment in an aggregate', aggregate, "export const x = process.env['A'];", 'no-restricted-globals'],
    [
      'a Node module in a library of logic',
      pure,
      "import { readFileSync } from 'node:fs';\nexport const x = readFileSync;",
      'no-restricted-imports',
    ],
    [
      'a Node module without its prefix',
      pure,
      "import { readFileSync } from 'fs';\nexport const x = readFileSync;",
      'no-restricted-imports',
    ],
    [
      'a Node module loaded lazily',
      pure,
      "export const x = (): Promise<unknown> => import('node:fs');",
      'no-restricted-syntax',
    ],
    [
      'a Node module in the ledger',
      'libs/ledger/src/entry.ts',
      "import { readFileSync } from 'node:fs';\nexport const x = readFileSync;",
      'no-restricted-imports',
    ],
    [
      'a promise nobody waits for',
      edge,
      'export const x = (p: Promise<void>): void => {\n  p;\n};',
      '@typescript-eslint/no-floating-promises',
    ],
    ['any', edge, 'export const x = (p: any): unknown => p;', '@typescript-eslint/no-explicit-any'],
    [
      'a switch that forgets a case',
      edge,
      "export const x = (k: 'a' | 'b'): void => {\n  switch (k) {\n    case 'a':\n      return;\n  }\n};",
      '@typescript-eslint/switch-exhaustiveness-check',
    ],
    ['a function of more than 40 lines', edge, long, 'max-lines-per-function'],
    ['a file of more than 400 lines', edge, 'export const x = [\n' + '  1,\n'.repeat(400) + '];\n', 'max-lines'],
    ['an I-prefix', edge, 'export interface IBus {\n  readonly name: string;\n}', 'no-restricted-syntax'],
    ['a class called Helper', edge, 'export class BusHelper {}', 'no-restricted-syntax'],
    ['a client that nobody listens to', edge, listens('new pg.Client({})'), 'no-restricted-syntax'],
    ['a pool in a spec that nobody listens to', spec, listens('new pg.Pool({})'), 'no-restricted-syntax'],
    [
      'a client by another name',
      driver,
      "import { Client } from 'pg';\nexport const x = new Client({});",
      'no-restricted-syntax',
    ],
    [
      'six collaborators',
      edge,
      'export class X {\n  constructor(\n    readonly a: 1,\n    readonly b: 1,\n    readonly c: 1,\n    readonly d: 1,\n    readonly e: 1,\n    readonly f: 1,\n  ) {}\n}',
      'no-restricted-syntax',
    ],
  ])('refuse %s', async (_, file, text, rule) => {
    expect(await rulesBroken(file, text)).toEqual([rule]);
  });

  it.each([
    ['an engine name as data', pure, "export const x = { engine: 'mysql' };"],
    ['an engine name in its own folder', dialect, "export const x = (e: string): boolean => e === 'postgresql';"],
    ['a date made from an argument in logic', pure, 'export const x = (at: string): number => new Date(at).getTime();'],
    ['the clock at the edge', edge, 'export const x = (): number => Date.now();'],
    [
      'hashing in the ledger',
      'libs/ledger/src/entry.ts',
      "import { hash } from 'node:crypto';\nexport const x = hash;",
    ],
    ['a long function in a spec', spec, long],
    [
      'a pool that survives its sessions',
      edge,
      `declare const surviving: typeof Object;\n${listens('surviving(new pg.Pool({}))')}`,
    ],
  ])('accept %s', async (_, file, text) => {
    expect(await rulesBroken(file, text)).toEqual([]);
  });
});
