import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataFolder } from './data-folder.js';

const root = mkdtempSync(join(tmpdir(), 'dsem-data-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('the folder of the data', () => {
  it('is made with what is above it, and holds nothing yet', () => {
    const folder = join(root, 'a', 'b', 'c');
    expect(dataFolder('DSEM_DATA_DIR', folder)).toBe(folder);
    expect(dataFolder('DSEM_DATA_DIR', folder)).toBe(folder);
    expect(readdirSync(folder)).toEqual([]);
  });

  const file = join(root, 'file');
  writeFileSync(file, '');
  const unwritable: [string, string, RegExp][] = [
    ['where nothing can be made', '/proc/foo', /ENOENT|EACCES/],
    ['where nothing can be kept', '/proc', /ENOENT|EACCES/],
  ];
  it.each<[string, string, RegExp]>([
    ['a file', file, /EEXIST|ENOTDIR/],
    ['below a file', join(file, 'below'), /EEXIST|ENOTDIR/],
    ...(existsSync('/proc/self') ? unwritable : []),
  ])('is refused at once by its variable: %s', (_, path, said) => {
    expect(() => dataFolder('DSEM_DATA_DIR', path)).toThrow(
      expect.objectContaining({
        code: 'DSEM-1017',
        message: expect.stringMatching(new RegExp(`DSEM_DATA_DIR: got "${path}".*(${said.source})`)) as string,
      }) as Error,
    );
  });
});
