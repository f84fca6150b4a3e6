import {
  migrateEventStore,
  memoryEventStore,
  postgresEventStore,
  postgresOutbox,
  type EventStore,
} from '@dsem/event-store';
import { sampleEvent } from '@dsem/event-store/testing';
import { describeWithServer, server, surviving, type KafkaServer, type TestDatabase } from '@dsem/testkit';
import pg from 'pg';
import type { Bus, OutgoingMessage } from './bus.js';
import { eventually, sampleEnvelope } from './contract.js';
import { kafkaBus } from './kafka.js';
import { startOutboxRelay, type OutboxRelay, type OutboxRelayOptions } from './outbox.js';
import { memoryParking } from './parking.js';

const events = (from: number, count: number) => Array.from({ length: count }, (_, i) => sampleEvent(from + i));
const sequences = (messages: readonly OutgoingMessage[]): number[] => messages.map(({ envelope }) => envelope.sequence);

/** Notes what is published; refuses the first `failures` times. */
const recordingBus = (failures = 0) => {
  const published: OutgoingMessage[] = [];
  const publish: Bus['publish'] = async (messages) => {
    if (failures-- > 0) throw new Error('no bus');
    published.push(...messages);
  };
  return { published, publish };
};

describe('the outbox relay', () => {
  const relays: OutboxRelay[] = [];
  const relay = (options: Partial<OutboxRelayOptions> & Pick<OutboxRelayOptions, 'outbox' | 'bus'>): OutboxRelay => {
    const started = startOutboxRelay({ source: 'dsem/suite', topic: 'suite.events', pollMs: 50, ...options });
    relays.push(started);
    return started;
  };
  afterEach(() => Promise.all(relays.splice(0).map((started) => started.stop())));

  it('publishes in order with the stream as the key, and keeps inside what has no topic', async () => {
    const { append, outbox } = memoryEventStore();
    const bus = recordingBus();
    await append('s-1', 0, events(1, 3));
    relay({ outbox, bus, batch: 2, topic: (event) => (event.streamVersion === 2 ? undefined : 'suite.events') });
    await append('s-2', 0, events(1, 1));
    await eventually(async () => (await outbox.backlog()) === 0);
    expect(bus.published.map(({ key, envelope }) => `${key}@${envelope.sequence}`)).toEqual([
      's-1@1',
      's-1@3',
      's-2@1',
    ]);
    expect(bus.published[0]).toMatchObject({
      topic: 'suite.events',
      envelope: { source: 'dsem/suite', subject: 's-1' },
    });
  });

  it('marks nothing that was not acknowledged, and goes on by itself', async () => {
    const { append, outbox } = memoryEventStore();
    const bus = recordingBus(2);
    const errors: unknown[] = [];
    await append('s-1', 0, events(1, 3));
    relay({ outbox, bus, onError: (error) => errors.push(error) });
    await eventually(async () => (await outbox.backlog()) === 0);
    expect(sequences(bus.published)).toEqual([1, 2, 3]);
    expect(errors).toHaveLength(2);
  });

  describeWithServer('postgresql', 'on PostgreSQL', () => {
    let database: TestDatabase;
    let pool: pg.Pool;
    let store: EventStore;
    const schema = 'relayed';
    beforeAll(async () => {
      database = await (await server('postgresql')).createDatabase();
      pool = surviving(new pg.Pool({ connectionString: database.url, max: 5 }));
      await migrateEventStore(pool, { schema });
      store = postgresEventStore({ pool, schema });
    });
    afterAll(async () => {
      await pool.end();
      await database.drop();
    });

    it('works once however many run, and another takes over when the leader is gone', async () => {
      const buses = [recordingBus(), recordingBus()];
      const [first] = buses.map((bus) => relay({ outbox: postgresOutbox({ pool, schema }), bus }));
      await store.append('s-1', 0, events(1, 5));
      const all = () => buses.flatMap((bus) => sequences(bus.published));
      await eventually(() => all().length === 5);
      await first?.stop();
      await store.append('s-1', 5, events(6, 5));
      await eventually(() => all().length === 10);
      expect(all().sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    });

    it('loses nothing and keeps the order when its sessions are killed', async () => {
      const bus = recordingBus();
      relay({ outbox: postgresOutbox({ pool, schema }), bus, batch: 3 });
      const kill = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()`;
      for (let i = 0; i < 20; i++) {
        await store.append('s-kill', i, events(i + 1, 1));
        if (i % 5 === 0) await pool.query(kill);
      }
      const firstSight = () => sequences(bus.published).filter((n, i, all) => all.indexOf(n) === i);
      await eventually(() => firstSight().length === 20);
      expect(firstSight()).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    });
  });
});

describeWithServer('kafka', 'a Kafka broker that goes away', () => {
  let broker: KafkaServer;
  beforeAll(async () => {
    broker = await server('kafka', { own: true });
  }, 120_000);
  afterAll(() => broker.stop('SIGKILL'));

  it('fails a publish cleanly, and everything in the outbox arrives in order when it is back', async () => {
    const options = { kafka: { brokers: [...broker.brokers] }, parking: memoryParking() };
    const [sending, receiving] = [kafkaBus(options), kafkaBus(options)];
    const { append, outbox } = memoryEventStore();
    const seen: number[] = [];
    const handler = async ({ envelope }: { envelope: { sequence: number } }) => void seen.push(envelope.sequence);
    const once = () => seen.filter((n, i) => seen.indexOf(n) === i);
    const subscription = await receiving.subscribe({ consumer: 'outage', topics: ['suite.events'], handler });
    const relay = startOutboxRelay({ outbox, bus: sending, source: 'dsem/suite', topic: 'suite.events' });
    await append('s-1', 0, events(1, 3));
    await eventually(() => once().length === 3);

    await broker.stop();
    const lost = sending.publish([{ topic: 'suite.events', key: 's-2', envelope: sampleEnvelope(1, 's-2') }]);
    await append('s-1', 3, events(4, 3));
    await expect(lost).rejects.toMatchObject({ code: 'DSEM-9002', bus: 'kafka' });
    expect(await sending.healthy()).toBe(false);
    await broker.start();
    await append('s-1', 6, events(7, 1));
    await eventually(() => once().length === 7, 60_000);
    expect(once()).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(await outbox.backlog()).toBe(0);
    expect(await sending.healthy()).toBe(true);
    await relay.stop();
    await subscription.stop();
    await Promise.all([sending.close(), receiving.close()]);
  }, 120_000);
});
