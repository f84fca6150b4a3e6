import { describeWithServer, server, surviving, type KafkaServer, type TestDatabase } from '@dsem/testkit';
import { Kafka, logLevel, type Producer } from 'kafkajs';
import pg from 'pg';
import { busContract, eventually, sampleEnvelope } from './contract.js';
import { ensureTopics, kafkaBus } from './kafka.js';
import { memoryBus } from './memory.js';
import { migrateBus, migrateConsumer } from './migrations.js';
import { memoryParking } from './parking.js';
import { postgresBus } from './postgres.js';
import { postgresParking } from './postgres-parking.js';

let number = 0;

busContract('memory', async () => {
  const parking = memoryParking();
  const bus = memoryBus({ parking });
  return { bus, second: bus, parking, prefix: 'm.', inject: async (message) => bus.inject(message) };
});

describeWithServer('postgresql', 'PostgreSQL', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  beforeAll(async () => {
    database = await (await server('postgresql')).createDatabase();
    pool = surviving(new pg.Pool({ connectionString: database.url, max: 20 }));
    await Promise.all([migrateBus(pool, { schema: 'bus' }), migrateConsumer(pool, { schema: 'service' })]);
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });
  busContract('its bus', async () => {
    const parking = postgresParking({ pool, schema: 'service' });
    const options = { pool, schema: 'bus', parking, leaseMs: 1500 };
    const publish = 'SELECT bus.publish_messages($1, $2, $3)';
    return {
      bus: postgresBus(options),
      second: postgresBus(options),
      parking,
      prefix: `t${number++}.`,
      inject: async ({ topic, key, body }) => void (await pool.query(publish, [[topic], [key], [body]])),
    };
  });
});

describeWithServer('kafka', 'Kafka', () => {
  let kafka: KafkaServer;
  let producer: Producer;
  beforeAll(async () => {
    kafka = await server('kafka');
    producer = new Kafka({ brokers: [...kafka.brokers], logLevel: logLevel.NOTHING }).producer();
    await producer.connect();
  });
  afterAll(() => producer.disconnect());
  it('is joined although a topic is only being created by somebody else, as at the first start of many processes', async () => {
    const topic = `${kafka.prefix()}first`;
    const config = { brokers: [...kafka.brokers] };
    const bus = kafkaBus({ kafka: config, parking: memoryParking(), createTopics: false });
    const seen: string[] = [];
    const handler = async ({ key }: { readonly key: string }): Promise<void> => void seen.push(key);
    const joining = bus.subscribe({ consumer: topic, topics: [topic], handler });
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await ensureTopics(config, [topic]);
    const joined = await joining;
    await bus.publish([{ topic, key: 'k', envelope: sampleEnvelope(1, 'k') }]);
    await eventually(() => seen.length === 1);
    await joined.stop();
    await bus.close();
  });

  busContract('its bus', async () => {
    const parking = memoryParking();
    const options = { kafka: { brokers: [...kafka.brokers] }, parking };
    return {
      bus: kafkaBus(options),
      second: kafkaBus(options),
      parking,
      prefix: kafka.prefix(),
      inject: async ({ topic, key, body }) =>
        void (await producer.send({ topic, messages: [{ key: key === '' ? null : key, value: body }] })),
    };
  });
});
