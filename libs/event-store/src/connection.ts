import type { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, Pool, PoolClient } from 'pg';

/** What `also` and a projection's `apply` get from PostgreSQL: the client whose transaction is open. */
export type PostgresTransaction = PoolClient;

/** The open transaction that a PostgreSQL store passed. @throws when it comes from a memory store */
export const postgresTransaction = (transaction: unknown): PostgresTransaction => {
  if (typeof transaction === 'object' && transaction !== null && 'query' in transaction)
    return transaction as PoolClient;
  throw new TypeError('not a PostgreSQL transaction');
};

const lostCodes = new Set(['57P01', '57P02', '57P03', 'ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND']);
const lostText =
  /connection terminated|client has encountered a connection error|timeout exceeded when trying to connect/i;

/** Whether the error says that the session is gone, so that nobody knows if the last statement took effect. */
export const connectionLost = (error: unknown): boolean => {
  if (typeof error !== 'object' || error === null) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const message = 'message' in error && typeof error.message === 'string' ? error.message : '';
  return lostCodes.has(code) || code.startsWith('08') || lostText.test(message);
};

/** Runs `work` in one transaction; a client whose transaction did not end cleanly is not used again. */
export const inTransaction = async <T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> => {
  const client = await pool.connect();
  let broken: Error | undefined;
  const onError = (error: Error): void => void (broken = error);
  client.on('error', onError);
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((failure: Error) => (broken = failure));
    throw error;
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
};

/** Repeats work that is safe to repeat when the connection was lost: 4 tries within about 2 s. */
export const overLostConnections = async <T>(work: () => Promise<T>): Promise<T> => {
  for (const pause of [20, 300, 1500]) {
    try {
      return await work();
    } catch (error) {
      if (!connectionLost(error)) throw error;
      await sleep(pause);
    }
  }
  return work();
};

const guarded = new WeakSet<Client | Pool>();
const ignore = (): void => undefined;

/**
 * A client or a pool whose sessions may die without ending the process: whoever uses one hears of it at the next
 * statement, and a pool replaces it. It listens from the start and for good, as a session may die before its first use,
 * between two statements, or while it is being closed: `pool.end()` does not wait until its sessions are gone.
 */
export const surviving = <Sessions extends Client | Pool>(sessions: Sessions): Sessions => {
  if (guarded.has(sessions)) return sessions;
  guarded.add(sessions);
  const emitter: EventEmitter = sessions;
  emitter.on('error', ignore);
  if ('totalCount' in sessions) emitter.on('connect', (client: Client) => client.on('error', ignore));
  return sessions;
};
