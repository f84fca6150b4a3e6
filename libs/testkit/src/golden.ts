import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseTxtar, printTxtar } from './txtar.js';

const updating = (): boolean => process.env['DSEM_UPDATE_GOLDEN'] === '1';

const write = (path: string, text: string): void => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
};

/**
 * The accepted text for `actual`, to be compared by the spec. With DSEM_UPDATE_GOLDEN=1 `actual` is written and accepted.
 * A missing file reads as empty, so that a new case fails until somebody has looked at it.
 */
export const golden = (path: string, actual: string): string => {
  if (updating()) write(path, actual);
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
};

/** The same for one file inside a txtar. */
export const goldenIn = (path: string, file: string, actual: string): string => {
  const held = parseTxtar(readFileSync(path, 'utf8'));
  if (updating() && held.files[file] !== actual) {
    write(path, printTxtar({ ...held, files: { ...held.files, [file]: actual } }));
  }
  return parseTxtar(readFileSync(path, 'utf8')).files[file] ?? '';
};
