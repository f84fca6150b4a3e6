// The folder of one test run: who owns it, and the servers started for it (one folder each, with a `pid` file).
import { existsSync, mkdtempSync, chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

export const createRunFolder = () => {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  chmodSync(folder, 0o755);
  writeFileSync(join(folder, 'owner'), String(process.pid));
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
