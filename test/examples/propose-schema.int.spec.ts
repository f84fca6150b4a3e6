import { spawn } from 'node:child_process';
import { join } from 'node:path';
import {
  contractDeclared,
  openEnvelope,
  proposalRefused,
  topics,
  typeName,
  type Envelope,
  type ReceivedEvent,
} from '@dsem/events';
import { ensureTopics, kafkaBus, memoryParking, type Bus } from '@dsem/messaging';
import { describeWithServer, server } from '@dsem/testkit';

const example = join(__dirname, '..', '..', 'examples', 'propose-schema', 'index.mjs');

const run = (brokers: readonly string[]): Promise<{ code: number | null; output: string }> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [example], {
      env: { PATH: process.env['PATH'], KAFKA_BROKERS: brokers.join(','), KAFKAJS_NO_PARTITIONER_WARNING: '1' },
    });
    let output = '';
    child.stdout.on('data', (text: Buffer) => (output += text.toString()));
    child.stderr.on('data', (text: Buffer) => (output += text.toString()));
    child.on('error', reject);
    child.on('exit', (code) => resolve({ code, output }));
  });

/** What a registry says to a message; the registry itself is proved by its own specs. */
const answerTo = ({ type, data }: ReceivedEvent, { id }: Envelope): ReceivedEvent => {
  if (type === 'SchemaProposed')
    return proposalRefused.of({ subject: 'orders', proposal: id, code: 'DSEM-2001', detail: 'not today' });
  const { consumer, version, schema, reads, writes } = data as Record<'consumer' | 'version' | 'schema', string> &
    Record<'reads' | 'writes', string[]>;
  return contractDeclared.of({ consumer, version, subject: schema, reads, writes, environments: [] });
};

describeWithServer('kafka', 'the example of a service that takes part', () => {
  let brokers: readonly string[];
  let bus: Bus;
  beforeAll(async () => {
    ({ brokers } = await server('kafka'));
    await ensureTopics({ brokers: [...brokers] }, [topics.schemaChanges, topics.registry], 3);
    bus = kafkaBus({ kafka: { brokers: [...brokers] }, parking: memoryParking() });
  });
  afterAll(() => bus.close());

  it('sends what our bus reads, and shows what is answered', async () => {
    const heard: string[] = [];
    const subscription = await bus.subscribe({
      consumer: `example-${process.pid}`,
      topics: [topics.schemaChanges],
      handler: async ({ envelope, key }) => {
        if (!envelope.source.startsWith('example/')) return;
        const received = openEnvelope(envelope);
        heard.push(`${key} ${received.type}`);
        const answer = answerTo(received, envelope);
        const type = typeName(answer.type, answer.version);
        const about = { id: `${envelope.id}:0`, causationid: envelope.id, source: 'dsem/registry', sequence: 1 };
        const told = { ...envelope, ...about, type, data: answer.data };
        await bus.publish([{ topic: topics.registry, key: told.subject, envelope: told }]);
      },
    });
    const { code, output } = await run(brokers);
    await subscription.stop();
    expect([code, heard]).toEqual([0, ['orders SchemaProposed', 'orders UseDeclared']]);
    expect(output).toContain('refused orders: DSEM-2001 not today');
    expect(output).toContain('declared billing 2.3.0 on orders');
    expect(output).not.toContain('not everything was answered');
  });
});
