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

/** Remembers the answers of keyed requests for 24 hours. */
export interface IdempotencyStore {
  /**
   * Claims the key; answers what was given before, or undefined when the caller must do the work now.
   * @throws ApiProblem DSEM-1011 (422, another request), DSEM-4005 (409, still running)
   */
  readonly begin: (request: KeyedRequest) => Promise<KeptAnswer | undefined>;
  readonly finish: (request: KeyedRequest, answer: KeptAnswer) => Promise<void>;
  /** Forgets a claim whose work was refused, so that the same key may try again. */
  readonly abandon: (request: KeyedRequest) => Promise<void>;
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
]);

/** Claims a key that is new, older than a day, or whose process died: a claim without an answer holds for a minute. */
const claim = `INSERT INTO idempotency_keys AS k (tenant, actor, key, route, digest) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (tenant, actor, key) DO UPDATE SET route = excluded.route, digest = excluded.digest, status = NULL,
    headers = NULL, body = NULL, claimed_at = now(), expires_at = now() + interval '24 hours'
  WHERE k.expires_at < now()
    OR (k.status IS NULL AND k.claimed_at < now() - interval '1 minute' AND k.digest = excluded.digest)
  RETURNING 1`;

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
    const claimed = await pool.query(claim, [...keyOf(request), request.route, request.digest]);
    if (claimed.rowCount === 1) return undefined;
    const { rows } = await pool.query<Row>(
      `SELECT digest, status, headers, body FROM idempotency_keys ${where}`,
      keyOf(request),
    );
    return judge(request, rows[0]);
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

/** A UUID that is always the same for the same keyed request: its events get the same ids when it is repeated. */
export const commandIdOf = (request: KeyedRequest): string => {
  const hex = digestOf(request.tenant, request.actor, request.key, request.route, request.digest);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};
