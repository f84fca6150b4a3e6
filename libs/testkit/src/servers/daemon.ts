import { spawn } from 'node:child_process';
import { existsSync, openSync, closeSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { guardRun, runFolder } from './run-folder.js';

export { freePort } from '@dsem/engine-postgresql/embedded';

/** A server process to start in the background; `folder` gets its `pid` and `server.log`. */
export interface DaemonSpec {
  readonly folder: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly port: number;
  readonly ready: RegExp;
  readonly uid?: number;
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMs?: number;
}

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });

/** Whether a process with this id exists. */
export const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

const readLog = (folder: string): string => {
  const file = join(folder, 'server.log');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
};

const waitReady = async (spec: DaemonSpec, pid: number): Promise<void> => {
  const deadline = Date.now() + (spec.timeoutMs ?? 60_000);
  while (Date.now() < deadline) {
    if (spec.ready.test(readLog(spec.folder)) && (await accepts(spec.port))) return;
    if (!alive(pid)) break;
    await sleep(40);
  }
  throw new Error(`${spec.command} did not become ready:\n${readLog(spec.folder).slice(-4000)}`);
};

const owner = (): number => {
  const file = join(runFolder(), 'owner');
  return existsSync(file) ? Number(readFileSync(file, 'utf8')) : process.pid;
};

/** Starts a server that outlives this process but not the test run; resolves when it is ready. */
export const startDaemon = async (spec: DaemonSpec): Promise<number> => {
  const log = openSync(join(spec.folder, 'server.log'), 'w');
  const child = spawn(spec.command, [...spec.args], {
    cwd: spec.folder,
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...process.env, ...spec.env },
    ...(spec.uid === undefined ? {} : { uid: spec.uid, gid: spec.uid }),
  });
  closeSync(log);
  const failure = new Promise<never>((_resolve, reject) => child.once('error', reject));
  if (child.pid === undefined) return failure;
  failure.catch(() => undefined);
  writeFileSync(join(spec.folder, 'pid'), String(child.pid));
  guardRun(owner());
  child.unref();
  await waitReady(spec, child.pid);
  return child.pid;
};

/** Ends a server by signal (default: orderly) and waits until it is gone; kills it after 15 s. */
export const stopDaemon = async (folder: string, signal: NodeJS.Signals = 'SIGINT'): Promise<void> => {
  const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'));
  if (!alive(pid)) return;
  process.kill(pid, signal);
  for (let i = 0; i < 300 && alive(pid); i++) await sleep(50);
  if (alive(pid)) process.kill(pid, 'SIGKILL');
  while (alive(pid)) await sleep(20);
};
