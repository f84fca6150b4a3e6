import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { basename, join } from 'node:path';
import { Refusal } from '@dsem/schema';
import { packagedBinaries, platformName, restoreLinks } from './binaries.js';

/** Thrown when no embedded PostgreSQL can be had on this machine. */
export class NoEmbeddedPostgres extends Refusal {
  readonly code = 'DSEM-3001';
  readonly title = 'The database could not be reached';
  readonly fix = 'Check network, address, credentials and TLS settings, then try again.';

  constructor(what: string) {
    super(`${what}; DATABASE_URL may name a PostgreSQL of your own (13 or newer) instead`);
  }
}

/** What committed data survives: the crash of the machine, only that of the server, or nothing but an orderly stop. */
export type Durability = 'machine' | 'server' | 'none';

/** PostgreSQL refuses to run as root: then it runs as nobody. */
const nobody = 65_534;
const asUser = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};

const binariesOf = (major?: number): string => {
  const bin = packagedBinaries(major);
  if (bin === undefined)
    throw new NoEmbeddedPostgres(
      `there is no embedded PostgreSQL${major === undefined ? '' : ` ${major}`} for ${platformName}`,
    );
  return bin;
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

/** Where a cluster is made. */
export interface ClusterOptions {
  /** Its data go into `data` below; the server's user must be able to pass through. */
  readonly folder: string;
  /** Default: the product's own version. */
  readonly major?: number;
}

const initialize = async (bin: string, data: string, options: readonly string[]): Promise<void> => {
  await mkdir(data, { recursive: true, mode: 0o700 });
  if (asUser.uid !== undefined) await chown(data, nobody, nobody);
  await run(join(bin, 'initdb'), ['-D', data, '-U', 'postgres', ...options, '--encoding=UTF8', '--locale=C']);
};

/** Makes a cluster of the superuser `postgres`; answers the password, about a second later. @throws NoEmbeddedPostgres */
export const makeCluster = async ({ folder, major }: ClusterOptions): Promise<string> => {
  const bin = binariesOf(major);
  await restoreLinks(bin);
  const secret = randomBytes(24).toString('base64url');
  const file = join(folder, 'initial-password');
  await writeFile(file, secret, { mode: 0o600 });
  if (asUser.uid !== undefined) await chown(file, nobody, nobody);
  await initialize(bin, join(folder, 'data'), ['--auth=scram-sha-256', `--pwfile=${file}`]);
  await rm(file);
  return secret;
};

/** Makes one that lets everybody on this machine in, and may be lost with it: for tests. @throws NoEmbeddedPostgres */
export const makeOpenCluster = async ({ folder, major }: ClusterOptions): Promise<void> => {
  const bin = binariesOf(major);
  await restoreLinks(bin);
  await initialize(bin, join(folder, 'data'), ['--auth=trust', '--no-sync']);
};

const undurable: Record<Durability, Readonly<Record<string, string>>> = {
  machine: {},
  server: { fsync: 'off', full_page_writes: 'off' },
  none: { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' },
};

/** How the server of a cluster is run. */
export interface ServerOptions {
  readonly folder: string;
  readonly port: number;
  readonly durability: Durability;
  readonly major?: number;
  /** Settings beside those that every such server has. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A program to start, by a user other than root. */
export interface ServerProcess {
  readonly command: string;
  readonly args: readonly string[];
  readonly user: { readonly uid?: number; readonly gid?: number };
}

/** What to start for a cluster that `makeCluster` made; reachable on loopback only. @throws NoEmbeddedPostgres */
export const serverProcess = ({ folder, port, durability, major, settings }: ServerOptions): ServerProcess => {
  const values: Record<string, string | number> = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 200,
    jit: 'off',
    ...undurable[durability],
    ...settings,
  };
  const args = Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return { command: join(binariesOf(major), 'postgres'), args: ['-D', join(folder, 'data'), ...args], user: asUser };
};

/** A port that was free a moment ago, on loopback. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
