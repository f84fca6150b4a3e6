import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { packagedBinaries, restoreLinks } from './binaries.js';
import {
  freePort,
  makeCluster,
  NoEmbeddedPostgres,
  serverProcess,
  type Durability,
  type ServerProcess,
} from './cluster.js';
import { lockFolder } from './folder-lock.js';
import { keepRunning } from './keeper.js';
import { alive, commandOf } from './processes.js';

export { packagedBinaries } from './binaries.js';
export {
  freePort,
  makeOpenCluster,
  NoEmbeddedPostgres,
  serverProcess,
  type ClusterOptions,
  type Durability,
  type ServerOptions,
  type ServerProcess,
} from './cluster.js';
export { FolderInUse } from './folder-lock.js';

/** A PostgreSQL of our own, reachable on loopback only. */
export interface EmbeddedPostgres {
  /** Of the database `database` (default: the product's own), as its owner. */
  readonly url: (database?: string) => string;
  readonly stop: () => Promise<void>;
}

export interface EmbeddedOptions {
  /** Kept between starts. */
  readonly folder: string;
  /** Less is faster, for throw-away data. Default `machine`. */
  readonly durability?: Durability;
  /** Told of what takes a while. */
  readonly onProgress?: (what: string) => void;
  /** Told when the server ended unasked; it is started again. */
  readonly onEnded?: (what: string) => void;
  /** Told when it could not be started again: what uses it can do nothing any more. */
  readonly onLost?: (error: Error) => void;
}

/**
 * A server that an earlier, killed process left behind is ended in order before a new one starts. The file of one that
 * is gone is removed: its process id may belong to somebody else by now, and PostgreSQL would not start beside that.
 */
const endLeftover = async (data: string): Promise<void> => {
  const file = join(data, 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number((await readFile(file, 'utf8')).split('\n')[0]);
  if (!Number.isInteger(pid) || pid <= 1 || !(await commandOf(pid)).includes(data)) return rm(file, { force: true });
  process.kill(pid, 'SIGINT');
  for (let left = 200; left > 0 && alive(pid); left--) await sleep(50);
};

/** A session that dies while nobody waits for it is no error of this process. */
const surviving = (client: pg.Client): pg.Client => client.on('error', () => undefined);

const clientOf = (url: string): pg.Client =>
  surviving(new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 }));

const answers = async (url: string): Promise<boolean> => {
  const client = clientOf(url);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
};

const waitReady = async (child: ChildProcess, url: string, log: string[]): Promise<void> => {
  for (let left = 600; left > 0; left--) {
    if (await answers(url)) return;
    if (child.exitCode !== null || child.signalCode !== null) break;
    await sleep(50);
  }
  throw new NoEmbeddedPostgres(`the embedded PostgreSQL did not start: ${log.join('').trim().slice(-1000)}`);
};

const ensureDatabase = async (url: string, name: string): Promise<void> => {
  const client = clientOf(url);
  await client.connect();
  try {
    const known = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (known.rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
};

const ownDatabase = 'dsem';

/** The password of the cluster in the folder, which is made at the first start. */
const prepareCluster = async ({ folder, onProgress }: EmbeddedOptions): Promise<string> => {
  const secret = join(folder, 'password');
  if (existsSync(secret)) return readFile(secret, 'utf8');
  onProgress?.('making a database cluster');
  await rm(join(folder, 'data'), { recursive: true, force: true });
  const password = await makeCluster({ folder });
  await writeFile(secret, password, { mode: 0o600 });
  return password;
};

interface Launched {
  readonly child: ChildProcess;
  /** The beginning of what it said. */
  readonly log: string[];
}

/** Ends with this process, where that ends without `stop`: by a signal while it starts, or after its time to drain. */
const launch = ({ command, args, user }: ServerProcess): Launched => {
  const child = spawn(command, [...args], { stdio: ['ignore', 'ignore', 'pipe'], detached: true, ...user });
  const end = (): void => void child.kill('SIGINT');
  process.once('exit', end);
  child.once('exit', () => process.off('exit', end));
  const log: string[] = [];
  child.once('error', (error) => log.push(error.message));
  child.stderr.on('data', (chunk: Buffer) => void (log.length < 50 && log.push(chunk.toString())));
  return { child, log };
};

const startIn = async (options: EmbeddedOptions): Promise<EmbeddedPostgres> => {
  const { folder, durability = 'machine', onEnded, onLost } = options;
  const password = await prepareCluster(options);
  const clear = (): Promise<void> => endLeftover(join(folder, 'data'));
  await clear();
  const port = await freePort();
  const url = (database = ownDatabase): string => `postgresql://postgres:${password}@127.0.0.1:${port}/${database}`;
  let log: string[] = [];
  const stop = await keepRunning({
    launch: () => {
      const launched = launch(serverProcess({ folder, port, durability }));
      log = launched.log;
      return launched.child;
    },
    ready: async (child) => {
      await waitReady(child, url('postgres'), log);
      await ensureDatabase(url('postgres'), ownDatabase);
    },
    clear,
    onEnded: (how) => onEnded?.(`the embedded PostgreSQL ended ${how}, it is started again`),
    onLost: (error) => onLost?.(error),
  });
  return { url, stop };
};

/**
 * Starts the embedded PostgreSQL 18 on a free port; makes its cluster at the first start (about a second).
 * It does not end with signals to this process's group: `stop` ends it, after everything else has drained. Where it
 * ends unasked it is started again on the same port, so that its URL stays good.
 * @throws FolderInUse when another process that lives keeps its database there
 */
export const startEmbeddedPostgres = async (options: EmbeddedOptions): Promise<EmbeddedPostgres> => {
  const bin = packagedBinaries();
  if (bin !== undefined) await restoreLinks(bin);
  await mkdir(options.folder, { recursive: true, mode: 0o711 });
  const unlock = await lockFolder(options.folder);
  try {
    const server = await startIn(options);
    return { url: server.url, stop: () => server.stop().finally(unlock) };
  } catch (error) {
    await unlock();
    throw error;
  }
};
