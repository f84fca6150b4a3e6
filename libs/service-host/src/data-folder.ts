import { mkdirSync, mkdtempSync, rmdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { InvalidConfig } from './config.js';

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/** One level at a time: `recursive` tries for ever where a file system answers that a parent is not there. */
const make = (path: string): void => {
  if (isFolder(path)) return;
  if (dirname(path) !== path) make(dirname(path));
  try {
    mkdirSync(path, { mode: 0o711 });
  } catch (error) {
    if (!isFolder(path)) throw error;
  }
};

/**
 * Makes the folder that a variable names, where it is not there, and proves that files can be kept in it.
 * Answers its absolute path. @throws InvalidConfig naming variable, path and what the system said
 */
export const dataFolder = (variable: string, path: string): string => {
  const folder = resolve(path);
  try {
    make(folder);
    rmdirSync(mkdtempSync(join(folder, '.probe-')));
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new InvalidConfig(`${variable}: got ${JSON.stringify(path)}, wanted a folder to keep files in (${said})`, {
      cause: error,
    });
  }
  return folder;
};
