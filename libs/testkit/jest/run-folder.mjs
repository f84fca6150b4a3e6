// The folder of one test run: who owns it, and the servers started for it (one folder each, with a `pid` file).
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statfsSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const prefix = 'dsem-run-';

const alive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
};

const readPid = (file) => {
  const pid = existsSync(file) ? Number(readFileSync(file, 'utf8')) : NaN;
  return Number.isInteger(pid) && pid > 1 ? pid : undefined;
};

const newFolder = (base) => {
  const folder = mkdtempSync(join(base, prefix));
  chmodSync(folder, 0o755);
  return folder;
};

const shm = '/dev/shm';
const enough = 4 * 1024 ** 3;

/** Whether the machine has a file system in memory with room for the data of the servers that specs share. */
export const hasRoom = (folder = shm, bytes = enough) => {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize >= bytes;
  } catch {
    return false;
  }
};

/** In it `memory` leads to a folder in memory, where there is room for one. */
export const createRunFolder = () => {
  const folder = newFolder(tmpdir());
  writeFileSync(join(folder, 'owner'), String(process.pid));
  if (hasRoom()) symlinkSync(newFolder(shm), join(folder, 'memory'));
  return folder;
};

const stopServer = async (pid) => {
  for (const [signal, waits] of [
    ['SIGINT', 60],
    ['SIGKILL', 40],
  ]) {
    if (!alive(pid)) return;
    process.kill(pid, signal);
    for (let i = 0; i < waits && alive(pid); i++) await sleep(50);
  }
};

export const removeRunFolder = async (folder) => {
  const pids = readdirSync(folder).map((name) => readPid(join(folder, name, 'pid')));
  await Promise.all(pids.filter((pid) => pid !== undefined).map(stopServer));
  const memory = join(folder, 'memory');
  if (existsSync(memory)) rmSync(readlinkSync(memory), { recursive: true, force: true, maxRetries: 5 });
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
};

/** Removes what crashed runs left behind: their owner is gone. */
export const removeStaleRunFolders = async () => {
  const folders = readdirSync(tmpdir()).filter((name) => name.startsWith(prefix));
  for (const folder of folders.map((name) => join(tmpdir(), name))) {
    const owner = readPid(join(folder, 'owner'));
    if (owner !== undefined && !alive(owner)) await removeRunFolder(folder);
  }
};
