import { randomBytes } from 'node:crypto';
import { surviving } from '@dsem/event-store';
import pg from 'pg';
import {
  instance,
  possible,
  startInstance,
  stopInstance,
  urlVariable,
  type Instance,
  type ServerName,
} from './instance.js';

/** What a spec can do to a server that it started for itself (`own: true`). */
export interface Power {
  /** Orderly stop, keeping the data; `SIGKILL` is a crash. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<void>;
  /** Starts it again on the same port and data. */
  readonly start: () => Promise<void>;
}

/** A database of a spec's own. */
export interface TestDatabase {
  readonly url: string;
  /** Ends its sessions and removes it. */
  readonly drop: () => Promise<void>;
}

/** A PostgreSQL server; `url` is its maintenance database with superuser rights. */
export interface PostgresServer extends Power {
  readonly url: string;
  readonly major: number;
  readonly createDatabase: () => Promise<TestDatabase>;
  /** Makes roles that cannot log in, as far as they are not there. They belong to the whole server and stay. */
  readonly createRoles: (names: readonly string[]) => Promise<void>;
}

/** A Kafka broker. */
export interface KafkaServer extends Power {
  readonly brokers: readonly string[];
  /** A new prefix for topics and groups, so that specs do not meet. */
  readonly prefix: () => string;
}

/** Which instance a spec wants. */
export interface ServerOptions {
  /** Major version of PostgreSQL: 18 (default) or 13. */
  readonly major?: number;
  /** An instance for this spec alone, which it may stop and kill. */
  readonly own?: boolean;
}

const unique = (): string => `t${randomBytes(5).toString('hex')}`;

const asAdministrator = async (url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> => {
  const client = surviving(new pg.Client({ connectionString: url }));
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
};

const administer = (url: string, statement: string): Promise<void> =>
  asAdministrator(url, (client) => client.query(statement));

/** From 15 on the server writes a new database page by page into its log, which takes five times as long as a copy. */
const copying = async (client: pg.Client): Promise<string> => {
  const { rows } = await client.query<{ server_version_num: string }>('SHOW server_version_num');
  return Number(rows[0]?.server_version_num) >= 150_000 ? ' STRATEGY file_copy' : '';
};

const createDatabase = async (url: string): Promise<TestDatabase> => {
  const name = unique();
  await asAdministrator(url, async (client) => client.query(`CREATE DATABASE ${name}${await copying(client)}`));
  const target = new URL(url);
  target.pathname = `/${name}`;
  return { url: target.href, drop: () => administer(url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
};

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const roleOf = (name: string): string =>
  `DO $do$ BEGIN CREATE ROLE ${quoted(name)}; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $do$`;

const createRoles = async (url: string, names: readonly string[]): Promise<void> => {
  if (names.length > 0) await administer(url, names.map(roleOf).join(';'));
};

const power = (server: Instance, own: boolean): Power => {
  const mine = (): void => {
    if (!own) throw new Error(`${server.name} is shared by the run: ask for { own: true } to stop it`);
  };
  return {
    stop: (signal) => (mine(), stopInstance(server, signal)),
    start: () => (mine(), startInstance(server)),
  };
};

/**
 * A real server for specs: `DSEM_TEST_<SERVER>_URL`, else Docker, else a native process. The first caller of a test run
 * starts it, the others share it, and it ends with the run. Starting takes 1-5 s; the first Kafka ever also downloads
 * 43 MB. @throws where the server cannot be had
 */
export function server(name: 'postgresql', options?: ServerOptions): Promise<PostgresServer>;
export function server(name: 'kafka', options?: ServerOptions): Promise<KafkaServer>;
export async function server(name: ServerName, options: ServerOptions = {}): Promise<PostgresServer | KafkaServer> {
  const own = options.own ?? false;
  const found = await instance(name, options.major, own);
  const { url, major } = found;
  if (name === 'postgresql')
    return {
      ...power(found, own),
      url,
      major,
      createDatabase: () => createDatabase(url),
      createRoles: (names) => createRoles(url, names),
    };
  return { ...power(found, own), brokers: url.replace(/^kafka:\/\//, '').split(','), prefix: () => `${unique()}.` };
}

const required = (name: ServerName): boolean =>
  (process.env['DSEM_REQUIRE_SERVERS'] ?? '').split(',').some((word) => {
    const wanted = word.trim().toLowerCase();
    return wanted === name || (wanted === 'postgres' && name === 'postgresql');
  });

const missing = (name: ServerName, title: string): string =>
  `${title}: no ${name} here (set ${urlVariable(name)}, start Docker, or see libs/testkit/README.md for the native way)`;

/**
 * A `describe` that needs a server, which is up before its first test. Where it cannot be had, the suite is skipped
 * loudly, and fails when `DSEM_REQUIRE_SERVERS` (comma list) names the server.
 */
export const describeWithServer = (name: ServerName, title: string, suite: () => void, major?: number): void => {
  if (possible(name, major)) {
    describe(title, () => {
      beforeAll(() => instance(name, major), 300_000);
      suite();
    });
  } else if (required(name)) {
    it(`${title} has its server`, () => {
      throw new Error(missing(name, title));
    });
  } else {
    process.stderr.write(`SKIPPED ${missing(name, title)}\n`);
    describe.skip(title, suite);
  }
};

/** Roles that the specs of a suite name: there before its first test. They stay: suites that run beside it use them too. */
export const useRoles = (major: number, names: readonly string[]): void => {
  beforeAll(async () => (await server('postgresql', { major })).createRoles(names));
};
