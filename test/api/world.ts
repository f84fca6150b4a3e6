import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { roleSchema, type Role } from '@dsem/api';
import { createLogger } from '@dsem/service-host';
import { startStandalone, type Standalone } from '@dsem/standalone';
import { server, surviving, type PostgresServer } from '@dsem/testkit';
import pg from 'pg';

/** A problem document, or any other JSON answer. */
export type Json = Record<string, unknown>;

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  readonly body: Json;
}

export interface Ask {
  readonly key?: string | undefined;
  readonly body?: unknown;
  /** Instead of `body`: the bytes as they go over the wire. */
  readonly raw?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface World {
  readonly standalone: Standalone;
  readonly administrator: string;
  readonly keys: Readonly<Record<Role, string>>;
  readonly pool: pg.Pool;
  /** Every log line, at level trace. */
  readonly logged: string[];
  /** With the administrator's key unless another one, or none (`''`), is given. The path goes out as it is. */
  readonly call: (method: string, path: string, ask?: Ask) => Promise<Answer>;
  /** The same, and the answer must have this status. */
  readonly done: (status: number, method: string, path: string, ask?: Ask) => Promise<Json>;
  /** How many events each service holds, but for checkpoints, which are signed by the clock. */
  readonly events: () => Promise<Readonly<Record<string, number>>>;
  /** Makes a database of an environment; resolves to its URL. */
  readonly database: (name: string) => Promise<string>;
  readonly close: () => Promise<void>;
}

export const services = ['gateway', 'registry', 'validator', 'orchestrator', 'audit'] as const;

const parsed = (text: string): Json => {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return {};
  }
};

const send = (base: string, method: string, path: string, headers: Record<string, string>, body?: string | Buffer) =>
  new Promise<Answer>((resolve, reject) => {
    const { hostname, port } = new URL(base);
    const outgoing = request({ hostname, port, method, path, headers }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.once('error', reject);
      incoming.once('end', () => {
        const text = Buffer.concat(chunks).toString();
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text, body: parsed(text) });
      });
    });
    // A refused body may be cut off while it is still being sent.
    outgoing.once('error', reject);
    outgoing.end(body);
  });

const caller =
  (base: string, administrator: string): World['call'] =>
  (method, path, { key = administrator, body, raw, headers = {} } = {}) => {
    const bytes = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const type: Record<string, string> = bytes === undefined ? {} : { 'content-type': 'application/json' };
    const length: Record<string, string> =
      bytes === undefined ? {} : { 'content-length': `${Buffer.byteLength(bytes)}` };
    const authorization: Record<string, string> = key === '' ? {} : { authorization: `Bearer ${key}` };
    return send(base, method, path, { ...authorization, ...type, ...length, ...headers }, bytes);
  };

const insisting =
  (call: World['call']): World['done'] =>
  async (status, method, path, ask) => {
    const answer = await call(method, path, ask);
    if (answer.status !== status) throw new Error(`${method} ${path}: ${answer.status} ${answer.text.slice(0, 2000)}`);
    return answer.body;
  };

/** How a server at an address is asked. */
export const httpCaller = (url: string, administrator: string): Pick<World, 'call' | 'done'> => {
  const call = caller(url, administrator);
  return { call, done: insisting(call) };
};

const issue = async (call: World['call'], role: Role): Promise<[Role, string]> => {
  const kind = role === 'agent' ? { kind: 'agent', environments: ['dev'] } : {};
  const { body } = await call('POST', '/api/v1/keys', { body: { name: role, roles: [role], ...kind } });
  return [role, String(body['secret'])];
};

const counted = async (pool: pg.Pool): Promise<Record<string, number>> => {
  const selects = services.map(
    (service) =>
      `SELECT '${service}' AS service, count(*)::int AS n FROM ${service}.events WHERE type <> 'CheckpointSigned'`,
  );
  const { rows } = await pool.query<{ service: string; n: number }>(selects.join(' UNION ALL '));
  return Object.fromEntries(rows.map(({ service, n }) => [service, n]));
};

/** Asks until there is an answer. @throws when there is none within a minute */
export const eventually = async <Value>(what: string, ask: () => Promise<Value | undefined>): Promise<Value> => {
  for (let left = 600; left > 0; left--) {
    const value = await ask();
    if (value !== undefined) return value;
    await sleep(100);
  }
  throw new Error(`${what} did not happen within a minute`);
};

const databaseMaker =
  (standalone: Standalone, pool: pg.Pool, made: string[]) =>
  async (name: string): Promise<string> => {
    const unique = `${new URL(standalone.databaseUrl()).pathname.slice(1)}_${name}`;
    await pool.query(`CREATE DATABASE ${pg.escapeIdentifier(unique)}`);
    made.push(unique);
    return standalone.databaseUrl(unique);
  };

/** One whole standalone server on a database of its own, answers checked against their shapes, one key per role. */
export const openWorld = async (given?: PostgresServer): Promise<World> => {
  const postgres = given ?? (await server('postgresql'));
  const database = await postgres.createDatabase();
  const dataDir = mkdtempSync(join(tmpdir(), 'dsem-api-'));
  const logged: string[] = [];
  const destination = { write: (line: string) => void logged.push(line) };
  const logger = createLogger({ name: 'dsem', level: 'trace', destination });
  const options = { dataDir, databaseUrl: database.url, port: 0, logger, checkAnswers: true, agentHeartbeatMs: 500 };
  const standalone = await startStandalone(options);
  const administrator = readFileSync(standalone.administratorKeyFile, 'utf8').trim();
  const { call, done } = httpCaller(standalone.url, administrator);
  const pool = surviving(new pg.Pool({ connectionString: database.url, max: 3 }));
  const keys = Object.fromEntries(await Promise.all(roleSchema.options.map((role) => issue(call, role))));
  const made: string[] = [];
  const close = async (): Promise<void> => {
    await standalone.close();
    for (const name of made) await pool.query(`DROP DATABASE ${pg.escapeIdentifier(name)} WITH (FORCE)`);
    await pool.end();
    await database.drop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  const events = () => counted(pool);
  const databaseOf = databaseMaker(standalone, pool, made);
  return {
    ...{ standalone, administrator, keys: keys as World['keys'], pool, logged, call, done, events },
    ...{ database: databaseOf, close },
  };
};
