import { inTransaction, overLostConnections, quoted, surviving } from '@dsem/event-store';
import type { Inbox } from './bus.js';
import type { ConsumerTables } from './postgres-parking.js';

/** An inbox in a service's own schema. `effect` gets the client whose transaction also holds the mark. */
export const postgresInbox = ({ pool, schema }: ConsumerTables): Inbox => {
  surviving(pool);
  const mark = `INSERT INTO ${quoted(schema)}.inbox (consumer, event_id) VALUES ($1, $2) ON CONFLICT DO NOTHING`;
  return {
    once: (consumer, eventId, effect) =>
      overLostConnections(() =>
        inTransaction(pool, async (client) => {
          if ((await client.query(mark, [consumer, eventId])).rowCount === 0) return false;
          await effect(client);
          return true;
        }),
      ),
  };
};

/** An inbox for unit tests: the mark is taken back when the effect fails, and a second delivery waits for the first. */
export const memoryInbox = (): Inbox => {
  const marks = new Map<string, Promise<void>>();
  const once: Inbox['once'] = async (consumer, eventId, effect) => {
    const mark = JSON.stringify([consumer, eventId]);
    const running = marks.get(mark);
    if (running !== undefined) {
      const succeeded = await running.then(
        () => true,
        () => false,
      );
      return succeeded ? false : once(consumer, eventId, effect);
    }
    const work = Promise.resolve().then(() => effect(undefined));
    marks.set(mark, work);
    try {
      await work;
      return true;
    } catch (error) {
      marks.delete(mark);
      throw error;
    }
  };
  return { once };
};
