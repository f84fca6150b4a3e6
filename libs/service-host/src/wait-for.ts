import { setTimeout as sleep } from 'node:timers/promises';
import { surviving } from '@dsem/event-store';
import { askKafka, type KafkaBusOptions } from '@dsem/messaging';
import { Refusal } from '@dsem/schema';
import pg from 'pg';
import type { Logger } from 'pino';

/** Thrown when no broker answered in the time that a start waits. */
export class BrokersAway extends Refusal {
  readonly code = 'DSEM-9007';
  readonly title = 'The message bus could not be reached';
  readonly fix = 'Start the brokers, or correct KAFKA_BROKERS and KAFKA_SSL, then start again.';
}

/** Thrown when the database did not answer in that time. */
export class DatabaseAway extends Refusal {
  readonly code = 'DSEM-3001';
  readonly title = 'The database could not be reached';
  readonly fix = 'Check network, address, credentials and TLS settings, then try again.';
}

/** How long a start waits, and whom it tells. */
export interface Patience {
  readonly seconds: number;
  readonly logger: Logger;
}

interface Awaited {
  readonly what: string;
  readonly where: string;
  readonly ask: () => Promise<void>;
  /** Whether the failure may pass by itself. */
  readonly passing: (error: unknown) => boolean;
}

const reasonOf = (error: unknown): string => {
  const { message, errors } = error as { readonly message?: unknown; readonly errors?: unknown };
  if (Array.isArray(errors) && message === '') return errors.map(reasonOf).join('; ');
  return typeof message === 'string' ? message : String(error);
};

const firstPauseMs = 500;
const longestPauseMs = 5000;

/** Asks until it answers, again after half a second and up to five; tells of each try. */
const waitFor = async ({ what, where, ask, passing }: Awaited, { seconds, logger }: Patience): Promise<void> => {
  const deadline = performance.now() + seconds * 1000;
  for (let [attempt, pauseMs] = [1, firstPauseMs]; ; attempt += 1, pauseMs = Math.min(pauseMs * 1.5, longestPauseMs)) {
    try {
      return await ask();
    } catch (error) {
      if (!passing(error) || performance.now() + pauseMs > deadline) throw error;
      logger.warn({ where, attempt, reason: reasonOf(error) }, `${what} does not answer; waiting for it`);
      await sleep(pauseMs);
    }
  }
};

/** Nobody listens there yet, its name is not known yet, or it starts, ends, or is full at this moment. */
const passingCode =
  /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE|57P0[123]|53300)$/;

const databasePasses = (error: unknown): boolean => {
  const { code, message, errors } = error as { readonly [name: string]: unknown };
  if (Array.isArray(errors)) return errors.some(databasePasses);
  if (typeof code === 'string') return passingCode.test(code);
  return typeof message === 'string' && /timeout|terminated/i.test(message);
};

const askDatabase = async (url: string): Promise<void> => {
  const client = surviving(new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 }));
  await client.connect();
  await client.end();
};

const within = ({ seconds }: Patience): string => (seconds === 0 ? '' : ` within ${seconds} seconds`);

/** Waits until the database answers. @throws DatabaseAway, or at once what is wrong with a password or a name */
export const waitForDatabase = async (url: string, patience: Patience): Promise<void> => {
  const where = new URL(url).host;
  const ask = (): Promise<void> => askDatabase(url);
  try {
    await waitFor({ what: 'the database', where, ask, passing: databasePasses }, patience);
  } catch (cause) {
    if (!databasePasses(cause)) throw cause;
    throw new DatabaseAway(`${where} did not answer${within(patience)}: ${reasonOf(cause)}`, { cause });
  }
};

/** Waits until a broker answers. @throws BrokersAway */
export const waitForBrokers = async (kafka: KafkaBusOptions['kafka'], patience: Patience): Promise<void> => {
  const where = Array.isArray(kafka.brokers) ? kafka.brokers.join(', ') : 'the brokers';
  const ask = (): Promise<void> => askKafka(kafka);
  try {
    await waitFor({ what: 'Kafka', where, ask, passing: () => true }, patience);
  } catch (cause) {
    throw new BrokersAway(`no broker of ${where} answered${within(patience)}: ${reasonOf(cause)}`, { cause });
  }
};
