import { createHash } from 'node:crypto';
import { connectionLost } from '@dsem/event-store';
import pRetry from 'p-retry';
import type { Delivery, ParkingLot, SubscribeOptions } from './bus.js';
import { decode } from './codec.js';
import type { Permits } from './permits.js';
import { inConsumerSpan } from './tracing.js';

/** A message as an adapter received it: nothing is known about its body. */
export interface RawMessage {
  readonly topic: string;
  readonly key: string;
  readonly body: string;
}

/**
 * Resolves when the message needs no redelivery: it was handled, dead-lettered, or kept behind a parked key.
 * @throws when it could neither be handled nor parked (the database is away): deliver it again
 */
export type Receive = (message: RawMessage) => Promise<void>;

/** Opens a run of messages of one partition: looks up which keys are parked, once for all of them. */
export type Receiver = () => Promise<Receive>;

const text = (error: unknown): string => (error instanceof Error ? `${error.name}: ${error.message}` : String(error));

/** Tries quickly a few times, then says why it failed; undefined when it was handled. */
const handle = async (options: SubscribeOptions, message: RawMessage): Promise<string | undefined> => {
  const decoded = decode(message.body);
  if (!decoded.ok) return decoded.cause;
  const run = (attempt: number): Promise<void> => {
    const delivery: Delivery = { topic: message.topic, key: message.key, envelope: decoded.envelope, attempt };
    return inConsumerSpan(options.consumer, delivery, async () => options.handler(delivery));
  };
  try {
    await pRetry((attempt) => run(attempt).catch((error: unknown) => Promise.reject(asError(error))), {
      retries: (options.tries ?? 3) - 1,
      minTimeout: 20,
      factor: 3,
      shouldRetry: () => true,
      onFailedAttempt: ({ error }) => options.onError?.(error),
    });
    return undefined;
  } catch (error) {
    if (surroundingsBroken(error)) throw error;
    return text(error);
  }
};

/** Other services that are away, contention, and a database that is full or overloaded. */
const awayCode = /^(DSEM-900[234]|DSEM-4009|40001|40P01|53\d{3})$/;

/** Whether the fault lies with something that is away, not with the message: then it is no poison, and waits. */
const surroundingsBroken = (error: unknown): boolean => {
  if (connectionLost(error)) return true;
  if (typeof error !== 'object' || error === null) return false;
  if ('code' in error && typeof error.code === 'string' && awayCode.test(error.code)) return true;
  return 'cause' in error && surroundingsBroken(error.cause);
};

/** p-retry gives up at once on a TypeError or what is no Error; for a handler these are failures like any other. */
const asError = (error: unknown): Error =>
  error instanceof TypeError || !(error instanceof Error) ? new Error(text(error), { cause: error }) : error;

/** The longest key that is kept as it is, in characters: a database's index holds no more than 2,700 bytes. */
const maxKey = 500;

/** A key that no parking lot could hold is known by its digest: a message of such a key must not block its partition. */
export const parkableKey = (key: string): string =>
  key.length > maxKey || key.includes('\0') ? `sha256:${createHash('sha256').update(key).digest('hex')}` : key;

/** The one consumer runtime under all adapters: limits, retry, parked keys, dead letters and traces live here only. */
export const receiver = (options: SubscribeOptions, parking: ParkingLot, permits?: Permits): Receiver => {
  const { consumer } = options;
  return async () => {
    const parked = new Set(await parking.parkedKeys(consumer));
    return async (received) => {
      const message = { ...received, key: parkableKey(received.key) };
      const letter = { consumer, topic: message.topic, key: message.key, body: message.body };
      if (parked.has(message.key)) {
        if (await parking.parkBehind({ ...letter, cause: 'an earlier message of this key is parked' })) return;
        parked.delete(message.key);
      }
      const cause = await (permits ? permits.run(() => handle(options, message)) : handle(options, message));
      if (cause === undefined) return;
      await parking.park({ ...letter, cause });
      if (message.key !== '') parked.add(message.key);
      options.onParked?.({ ...letter, cause });
    };
  };
};
