import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Io } from '../io.js';
import { CliProblem } from '../problem.js';

/** Where the server is and who calls it; what `login` stores. */
const profileShape = z.strictObject({ endpoint: z.string(), apiKey: z.string().optional() });
export type Profile = z.infer<typeof profileShape>;

/** The file of `login`, by the XDG rules. */
export const profilePath = ({ env }: Io): string =>
  join(env['XDG_CONFIG_HOME'] ?? join(env['HOME'] ?? homedir(), '.config'), 'dsem', 'login.json');

/** What `login` has stored; undefined when nobody has logged in. @throws CliProblem when the file is damaged */
export const readProfile = async (io: Io): Promise<Profile | undefined> => {
  const path = profilePath(io);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    return undefined;
  }
  try {
    return profileShape.parse(JSON.parse(text));
  } catch {
    throw new CliProblem(
      'DSEM-1017',
      'The stored log-in is damaged',
      `${path} cannot be read.`,
      'Run `dsem login` again.',
    );
  }
};

/** Stores a log-in so that only this user can read it; never seen half-written. */
export const writeProfile = async (profile: Profile, io: Io): Promise<string> => {
  const path = profilePath(io);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const part = `${path}.${process.pid}.part`;
  await writeFile(part, `${JSON.stringify(profile, null, 2)}\n`, { mode: 0o600 });
  await chmod(part, 0o600);
  await rename(part, path);
  return path;
};
