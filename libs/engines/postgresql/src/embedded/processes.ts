import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** Whether a process of that id exists, whoever owns it. */
export const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

const ps = async (column: string, pid: number): Promise<string> =>
  (await promisify(execFile)('ps', ['-o', `${column}=`, '-p', String(pid)])).stdout.trim();

/** How a process was started; empty when there is none of that id. */
export const commandOf = (pid: number): Promise<string> =>
  readFile(`/proc/${pid}/cmdline`, 'utf8')
    .catch(() => ps('command', pid))
    .catch(() => '');

/** Field 22 of the kernel's line, in ticks since it started; the name before it may hold spaces and brackets. */
const startTicks = (line: string): string => line.slice(line.lastIndexOf(')') + 2).split(' ')[19] ?? '';

/**
 * When a process started, in the system's own words: two processes that were given one id one after the other differ
 * in it. Empty when there is none of that id, or the system does not tell.
 */
export const startOf = (pid: number): Promise<string> =>
  readFile(`/proc/${pid}/stat`, 'utf8')
    .then(startTicks)
    .catch(() => ps('lstart', pid))
    .catch(() => '');
