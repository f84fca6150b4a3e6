import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { golden, goldenIn } from './golden.js';
import { parseTxtar, printTxtar, txtarCases } from './txtar.js';

describe('txtar', () => {
  it('holds a comment and files', () => {
    expect(parseTxtar('why\n-- a.sql --\nselect 1\n\n-- dir/b --\n-- c --\nx -- y --\n')).toEqual({
      comment: 'why\n',
      files: { 'a.sql': 'select 1\n', 'dir/b': '', c: 'x -- y --\n' },
    });
  });

  it('reads back what it printed', () => {
    const line = fc.string({ unit: fc.constantFrom('a', 'b', '-', ' ') }).filter((text) => !/^-- .+ --$/u.test(text));
    const body = fc.array(line).map((lines) => lines.join('\n').trimEnd());
    const text = body.map((value) => (value === '' ? '' : `${value}\n`));
    const value = fc.record({ comment: text, files: fc.dictionary(fc.stringMatching(/^[a-z][a-z/.]{0,5}$/u), text) });
    fc.assert(fc.property(value, (held) => expect(parseTxtar(printTxtar(held))).toEqual(held)));
  });
});

describe('golden files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'golden-'));
  const updating = (on: boolean): void => {
    if (on) process.env['DSEM_UPDATE_GOLDEN'] = '1';
    else delete process.env['DSEM_UPDATE_GOLDEN'];
  };
  const before = process.env['DSEM_UPDATE_GOLDEN'] === '1';
  afterAll(() => {
    updating(before);
    rmSync(folder, { recursive: true });
  });

  it('are written only on demand', () => {
    const path = join(folder, 'deep', 'a.txt');
    updating(false);
    expect(golden(path, 'new\n')).toBe('');
    updating(true);
    expect(golden(path, 'new\n')).toBe('new\n');
    updating(false);
    expect(golden(path, 'other\n')).toBe('new\n');
  });

  it('may be one file of a txtar, found by its folder', () => {
    const path = join(folder, 'case.txtar');
    writeFileSync(path, 'why\n-- in --\n1\n-- out --\nold\n');
    updating(false);
    expect(goldenIn(path, 'out', 'new\n')).toBe('old\n');
    updating(true);
    expect(goldenIn(path, 'out', 'new\n')).toBe('new\n');
    expect(readFileSync(path, 'utf8')).toBe('why\n-- in --\n1\n-- out --\nnew\n');
    expect(txtarCases(folder).map(({ name, comment }) => [name, comment])).toEqual([['case.txtar', 'why\n']]);
  });
});
