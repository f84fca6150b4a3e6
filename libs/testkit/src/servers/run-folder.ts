import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Stops the run's servers when its owner dies without cleaning up (a killed Jest, a crashed bench).
 * `$1` is the owner's process id, `$2` the run folder.
 */
const watchdog = `
while kill -0 "$1" 2>/dev/null && [ -d "$2" ]; do sleep 1; done
[ -d "$2" ] || exit 0
for signal in INT KILL; do
  for file in "$2"/*/pid; do [ -f "$file" ] && kill -"$signal" "$(cat "$file")" 2>/dev/null; done
  sleep 3
done
[ -L "$2/memory" ] && rm -rf "$(readlink "$2/memory")"
rm -rf "$2"
`;

const startWatchdog = (folder: string, owner: number): void => {
  const marker = join(folder, 'watchdog');
  if (existsSync(marker)) return;
  const child = spawn('sh', ['-c', watchdog, 'dsem-watchdog', String(owner), folder], {
    detached: true,
    stdio: 'ignore',
    cwd: tmpdir(),
  });
  child.on('error', () => undefined);
  child.unref();
  writeFileSync(marker, String(child.pid));
};

const ownFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'dsem-run-'));
  chmodSync(folder, 0o755);
  writeFileSync(join(folder, 'owner'), String(process.pid));
  startWatchdog(folder, process.pid);
  return folder;
};

/** The folder that holds the run's servers: Jest's (see `jest/global-setup.mjs`), else one that dies with this process. */
export const runFolder = (): string => (process.env['DSEM_TEST_RUN'] ??= ownFolder());

/** Its folder in memory for data that may be lost, where there is room for one (see `jest/run-folder.mjs`). */
export const memoryFolder = (): string | undefined => {
  const memory = join(runFolder(), 'memory');
  return existsSync(memory) ? realpathSync(memory) : undefined;
};

/** Makes sure that servers in the run folder end when the owner does. */
export const guardRun = (owner: number): void => startWatchdog(runFolder(), owner);

/** Runs `work` while no other process of this run does the same named work. */
export const exclusively = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
  const lock = join(runFolder(), `${name}.lock`);
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      await sleep(50);
    }
  }
  try {
    return await work();
  } finally {
    rmdirSync(lock);
  }
};
