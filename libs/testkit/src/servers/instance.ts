import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stopDaemon } from './daemon.js';
import { dockerPossible, startKafkaContainer, startPostgresContainer, switchContainer } from './docker.js';
import { initKafka, kafkaPossible, startKafka } from './native-kafka.js';
import { initPostgres, postgresPossible, startPostgres } from './native-postgresql.js';
import { exclusively, memoryFolder, runFolder } from './run-folder.js';

/** Which servers the testkit can provide. */
export type ServerName = 'postgresql' | 'kafka';

/** A running server as the run's other processes find it. */
export interface Instance {
  readonly name: ServerName;
  readonly major: number;
  readonly folder: string;
  readonly from: 'url' | 'docker' | 'native';
  readonly url: string;
  readonly port: number;
  readonly container?: string;
}

const defaultMajor: Record<ServerName, number> = { postgresql: 18, kafka: 4 };

/** The environment variable that names a server of one's own. */
export const urlVariable = (name: ServerName, major = defaultMajor[name]): string =>
  `DSEM_TEST_${name.toUpperCase()}${major === defaultMajor[name] ? '' : `_${major}`}_URL`;

const urlOf = (name: ServerName, port: number): string =>
  name === 'postgresql' ? `postgres://postgres@127.0.0.1:${port}/postgres` : `127.0.0.1:${port}`;

const nativePossible = (name: ServerName, major: number): boolean =>
  name === 'postgresql' ? postgresPossible(major) : kafkaPossible();

/** Whether a server can be had here, without starting anything. */
export const possible = (name: ServerName, major = defaultMajor[name]): boolean =>
  process.env[urlVariable(name, major)] !== undefined || dockerPossible() || nativePossible(name, major);

const fromDocker = async (name: ServerName, major: number, folder: string): Promise<Instance | undefined> => {
  if (!dockerPossible()) return undefined;
  try {
    const { id, port } = await (name === 'postgresql' ? startPostgresContainer(major) : startKafkaContainer());
    return { name, major, folder, from: 'docker', url: urlOf(name, port), port, container: id };
  } catch (error) {
    if (!nativePossible(name, major)) throw error;
    return undefined;
  }
};

const startNative = ({ name, folder, major, port }: Omit<Instance, 'url' | 'from'>): Promise<void> =>
  name === 'postgresql' ? startPostgres(folder, major, port) : startKafka(folder, port);

/** Data of a server that a spec may kill stay on a disk: what survives is what it proves. */
const fromNative = async (name: ServerName, major: number, folder: string, own: boolean): Promise<Instance> => {
  const memory = own ? undefined : memoryFolder();
  const port = await (name === 'postgresql' ? initPostgres(folder, major, memory) : initKafka(folder));
  await startNative({ name, major, folder, port });
  return { name, major, folder, from: 'native', url: urlOf(name, port), port };
};

const begin = async (name: ServerName, major: number, folder: string, own: boolean): Promise<Instance> => {
  const url = process.env[urlVariable(name, major)];
  if (url !== undefined && !own) return { name, major, folder, from: 'url', url, port: 0 };
  return (await fromDocker(name, major, folder)) ?? (await fromNative(name, major, folder, own));
};

const readOrBegin = async (name: ServerName, major: number, folder: string, own: boolean): Promise<Instance> => {
  const file = join(folder, 'instance.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Instance;
  mkdirSync(folder, { recursive: true });
  const instance = await begin(name, major, folder, own);
  writeFileSync(`${file}.part`, JSON.stringify(instance));
  renameSync(`${file}.part`, file);
  return instance;
};

/** The run's one instance of a server, started if it is not yet; with `own` a new one that a spec may stop and kill. */
export const instance = (name: ServerName, major = defaultMajor[name], own = false): Promise<Instance> => {
  const key = `${name}-${major}${own ? `-${randomBytes(4).toString('hex')}` : ''}`;
  return exclusively(key, () => readOrBegin(name, major, join(runFolder(), key), own));
};

/** Stops an instance and keeps its data. */
export const stopInstance = async (server: Instance, signal?: NodeJS.Signals): Promise<void> => {
  if (server.from === 'url') throw new Error(`${server.name} is not ours to stop (${urlVariable(server.name)})`);
  if (server.container === undefined) await stopDaemon(server.folder, signal);
  else await switchContainer(server.container, false);
};

/** Starts a stopped instance on the same port and data. */
export const startInstance = async (server: Instance): Promise<void> => {
  if (server.container === undefined) await startNative(server);
  else await switchContainer(server.container, true);
};
