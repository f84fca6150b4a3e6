import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Refusal } from '@dsem/schema';
import { alive, startOf } from './processes.js';

/** Thrown when a process that lives keeps its database in the folder. */
export class FolderInUse extends Refusal {
  readonly code = 'DSEM-1017';
  readonly title = 'The configuration is not valid';
  readonly fix = 'Set the variables named to what they want.';

  constructor(
    readonly folder: string,
    readonly pid: number,
  ) {
    super(
      `the process ${pid} keeps its database in ${folder}, and a folder serves one server: use that one, end it, or set ` +
        'DSEM_DATA_DIR to another folder',
    );
  }
}

interface Owner {
  readonly pid: number;
  readonly started: string;
}

/** What the file says; undefined where it is gone, or was cut off by a crash of the machine. */
const ownerIn = (text: string): Owner | undefined => {
  const [pid, started = ''] = text.split('\n');
  const id = Number(pid);
  return Number.isInteger(id) && id > 0 ? { pid: id, started } : undefined;
};

const lives = async ({ pid, started }: Owner): Promise<boolean> => alive(pid) && (await startOf(pid)) === started;

const readOr = (file: string): Promise<string | undefined> => readFile(file, 'utf8').catch(() => undefined);

/** Whether the file was not there; it appears with its content or not at all. */
const placed = async (file: string, text: string): Promise<boolean> => {
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, text, { mode: 0o644 });
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    await rm(draft, { force: true });
  }
};

/** Takes the file of an owner that is gone away, and nothing that somebody else put there meanwhile. */
const clearStale = async (file: string, stale: string): Promise<void> => {
  const aside = `${file}.${randomUUID()}`;
  const moved = await rename(file, aside).then(
    () => true,
    () => false,
  );
  if (moved && (await readOr(aside)) !== stale) await link(aside, file).catch(() => undefined);
  await rm(aside, { force: true });
};

/**
 * Takes a folder for this process; answers what gives it back. The file `lock` in it holds the id of the process and
 * when that started, so that of a process that was killed is taken over, also where its id belongs to another by now.
 * @throws FolderInUse naming the process that has it
 */
export const lockFolder = async (folder: string): Promise<() => Promise<void>> => {
  const file = join(folder, 'lock');
  const own = `${process.pid}\n${await startOf(process.pid)}\n`;
  while (!(await placed(file, own))) {
    const text = await readOr(file);
    const owner = text === undefined ? undefined : ownerIn(text);
    if (owner !== undefined && (await lives(owner))) throw new FolderInUse(folder, owner.pid);
    if (text !== undefined) await clearStale(file, text);
  }
  return async () => {
    if ((await readOr(file)) === own) await rm(file, { force: true });
  };
};
