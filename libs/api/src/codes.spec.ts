import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { codes, isCode } from './codes.js';

const root = join(import.meta.dirname, '..', '..', '..');

const sources = (folder: string): string[] =>
  readdirSync(folder).flatMap((name) => {
    if (name === 'node_modules' || name === 'dist') return [];
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return sources(path);
    return name.endsWith('.ts') && !name.endsWith('.spec.ts') && !path.endsWith('api/src/codes.ts') ? [path] : [];
  });

interface Declared {
  readonly file: string;
  readonly code: string;
  readonly title?: string;
  readonly fix?: string;
}

const literal = (text: string, name: string): string | undefined =>
  new RegExp(`${name} =\\s*(?:'((?:[^'\\\\]|\\\\.)*)'|"([^"]*)")`)
    .exec(text)
    ?.slice(1)
    .find((each) => each !== undefined);

/** Every `readonly code = 'DSEM-nnnn'` of the product's classes, with the title and fix that stand beside it. */
const declaredIn = (file: string): Declared[] => {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/readonly code = '(DSEM-\d{4})'[^}]*?(?=\n\s*constructor|\n\}|$)/g)].map(
    ([block, code = '']) => {
      const title = literal(block, 'title');
      const fix = literal(block, 'fix');
      return { file, code, ...(title === undefined ? {} : { title }), ...(fix === undefined ? {} : { fix }) };
    },
  );
};

const files = ['libs', 'apps'].flatMap((folder) => sources(join(root, folder)));
const declared = files.flatMap(declaredIn);

describe('the catalogue of codes', () => {
  it('finds the classes that declare codes', () => {
    expect(declared.length).toBeGreaterThan(15);
  });

  it('holds every code that stands in the product', () => {
    const used = files.flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/DSEM-\d{4}/g)].map(([code]) => ({ file, code })),
    );
    const unknown = used
      .filter(({ code }) => !isCode(code))
      .map(({ file, code }) => `${code} in ${file.slice(root.length)}`);
    expect(unknown).toEqual(unknown.filter((each) => each.startsWith('DSEM-1234')));
  });

  // An app's own class may say more about its case than the catalogue does; a lib's class is the general case.
  it('says the same as the classes of the libs', () => {
    const different = declared.filter(({ file, code, title, fix }) => {
      const entry = isCode(code) ? codes[code] : undefined;
      if (!file.startsWith(join(root, 'libs'))) return false;
      return (title !== undefined && entry?.title !== title) || (fix !== undefined && entry?.fix !== fix);
    });
    expect(different).toEqual([]);
  });

  it.each(Object.entries(codes))(
    '%s has a status that fits its range, a title and a fix',
    (code, { status, title, fix }) => {
      expect(title).toMatch(/^[A-Z].*[^.]$/);
      expect(fix).toMatch(/^[A-Z].*\.$/);
      expect(status).toBeGreaterThanOrEqual(code.startsWith('DSEM-9') ? 500 : 400);
      if (!code.startsWith('DSEM-9') && code !== 'DSEM-3001') expect(status).toBeLessThan(500);
    },
  );
});
