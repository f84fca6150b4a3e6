import { createHash } from 'node:crypto';
import { ApiProblem } from '@dsem/api';
import type { Pool } from 'pg';
import { tables, type DatabasePart } from './database.js';

/** One keyed request: who, which key, and what exactly was asked. */
export interface KeyedRequest {
  readonly tenant: string;
  readonly actor: string;
  readonly key: string;
  readonly route: string;
  /** SHA-256 over address and body. */
  readonly digest: string;
}

/** An answer as it was first given; `body` is JSON text, null when it is not kept. */
export interface KeptAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** What a key gives: the answer that was given before, or the id under which the work is to be done now. */
export type Begun = { readonly kept: KeptAnswer } | { readonly command: string };

/** Remembers the answers of keyed requests for 24 hours. */
export interface IdempotencyStore {
  /**
   * Claims the key. A request whose answer was lost, with its process or without, gets the id it had before.
   * @throws ApiProblem DSEM-1011 (422, another request), DSEM-4005 (409, still running)
   */
  readonly begin: (request: KeyedRequest) => Promise<Begun>;
  readonly finish: (request: KeyedRequest, answer: KeptAnswer) => Promise<void>;
  /** Forgets a claim whose work was refused, so that the same key may try again, and be another request. */
  readonly abandon: (request: KeyedRequest) => Promise<void>;
  /** Lets a claim go whose work failed half-way: the key may try again at once, the same request under the same id. */
  readonly release: (request: KeyedRequest) => Promise<void>;
  /** Deletes what is older than 24 hours. */
  readonly purge: () => Promise<void>;
}

/** The table, in each service's own schema. */
export const idempotencyTables: DatabasePart = tables('idempotency', [
  `CREATE TABLE idempotency_keys (
    tenant text NOT NULL, actor text NOT NULL, key text NOT NULL, route text NOT NULL, digest text NOT NULL,
    status integer, headers jsonb, body text,
    claimed_at timestamptz NOT NULL DEFAULT now(), expires_at timestamptz NOT NULL DEFAULT now() + interval '24 hours',
    PRIMARY KEY (tenant, actor, key));
  CREATE INDEX idempotency_keys_expires ON idempotency_keys (expires_at);`,
  'ALTER TABLE idempotency_keys ADD COLUMN command uuid NOT NULL DEFAULT gen_random_uuid()',
]);

/**
 * Claims a key that is new, older than a day, released, or whose process died: a claim without an answer holds for a
 * minute. The same request within the day keeps the id of its command.
 */
const claim = `INSERT INTO idempotency_keys AS k (tenant, actor, key, route, digest) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (tenant, actor, key) DO UPDATE SET route = excluded.route, digest = excluded.digest, status = NULL,
    headers = NULL, body = NULL, claimed_at = now(), expires_at = now() + interval '24 hours',
    command = CASE WHEN k.expires_at < now() OR k.digest <> excluded.digest THEN excluded.command ELSE k.command END
  WHERE k.expires_at < now() OR (k.status IS NULL AND k.claimed_at = '-infinity')
    OR (k.status IS NULL AND k.claimed_at < now() - interval '1 minute' AND k.digest = excluded.digest)
  RETURNING command`;

interface Row {
  readonly digest: string;
  readonly status: number | null;
  readonly headers: Record<string, string>;
  readonly body: string | null;
}

const keyOf = (request: KeyedRequest): string[] => [request.tenant, request.actor, request.key];
const where = 'WHERE tenant = $1 AND actor = $2 AND key = $3';

const judge = (request: KeyedRequest, row: Row | undefined): KeptAnswer => {
  if (row !== undefined && row.digest !== request.digest)
    throw new ApiProblem('DSEM-1011', 'the idempotency key was used for another request before');
  if (row === undefined || row.status === null)
    throw new ApiProblem('DSEM-4005', 'a request with this idempotency key is still being handled');
  return { status: row.status, headers: row.headers, body: row.body };
};

/** Keeps answers in the service's PostgreSQL schema. */
export const postgresIdempotency = (pool: Pool): IdempotencyStore => ({
  begin: async (request) => {
    const values = [...keyOf(request), request.route, request.digest];
    const [claimed] = (await pool.query<{ command: string }>(claim, values)).rows;
    if (claimed !== undefined) return claimed;
    const { rows } = await pool.query<Row>(
      `SELECT digest, status, headers, body FROM idempotency_keys ${where}`,
      keyOf(request),
    );
    return { kept: judge(request, rows[0]) };
  },
  finish: async (request, { status, headers, body }) => {
    await pool.query(`UPDATE idempotency_keys SET status = $4, headers = $5, body = $6 ${where}`, [
      ...keyOf(request),
      status,
      JSON.stringify(headers),
      body,
    ]);
  },
  abandon: async (request) => {
    await pool.query(`DELETE FROM idempotency_keys ${where} AND status IS NULL`, keyOf(request));
  },
  release: async (request) => {
    const sql = `UPDATE idempotency_keys SET claimed_at = '-infinity' ${where} AND status IS NULL`;
    await pool.query(sql, keyOf(request));
  },
  purge: async () => {
    await pool.query('DELETE FROM idempotency_keys WHERE expires_at < now()');
  },
});

const visible = /^[\x21-\x7e]{1,255}$/;

/** The caller's key, or undefined when none is given. @throws ApiProblem DSEM-1012 */
export const idempotencyKeyOf = (header: string | string[] | undefined): string | undefined => {
  if (header === undefined) return undefined;
  if (typeof header !== 'string' || !visible.test(header))
    throw new ApiProblem('DSEM-1012', 'the idempotency key must be 1 to 255 visible ASCII characters');
  return header;
};

/** SHA-256 in hex over parts that cannot run into each other. */
export const digestOf = (...parts: readonly unknown[]): string =>
  createHash('sha256')
    .update(JSON.stringify(parts.map((part) => part ?? null)))
    .digest('hex');
