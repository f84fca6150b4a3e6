import { kafkaClient } from './kafka.js';

it('leads what kafkajs notices to the log, without its stack', async () => {
  const lines: { level: string; fields: Readonly<Record<string, unknown>>; message: string }[] = [];
  const config = { clientId: 'spec', brokers: ['127.0.0.1:1'], retry: { retries: 0 } };
  const admin = kafkaClient(config, (level, fields, message) => void lines.push({ level, fields, message })).admin();
  await expect(admin.connect()).rejects.toThrow();
  await admin.disconnect();
  expect(lines.length).toBeGreaterThan(0);
  expect(lines).toContainEqual({
    level: 'warn',
    fields: expect.objectContaining({ namespace: 'Connection', broker: '127.0.0.1:1' }) as object,
    message: expect.stringContaining('ECONNREFUSED') as string,
  });
  for (const { fields } of lines) expect(Object.keys(fields)).not.toContain('stack');
});
