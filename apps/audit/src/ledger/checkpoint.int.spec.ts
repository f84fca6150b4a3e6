import { spawnSync } from 'node:child_process';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { subjectArchived, topics, type Envelope } from '@dsem/events';
import { signerOf, verifyExport, writeExport } from '@dsem/ledger';
import { createLogger, startService, type RunningService } from '@dsem/service-host';
import { describeWithServer, server, type TestDatabase } from '@dsem/testkit';
import { openAudit } from '../audit.module.js';
import { checkpoints, ledgerSize, listEntries, readEntries } from './ledger.store.js';

const { privateKey } = generateKeyPairSync('ed25519');
const everyMs = 50;

const message = (): Envelope => ({
  specversion: '1.0',
  id: randomUUID(),
  source: 'dsem/registry',
  type: 'dsem.SubjectArchived.v1',
  subject: 'subject-shop',
  time: '2026-01-05T10:00:00.000Z',
  datacontenttype: 'application/json',
  sequence: 1,
  position: '1',
  tenant: 'default',
  actor: 'person:ada',
  correlationid: 'c',
  causationid: 'c',
  data: subjectArchived.of({ subject: 'shop', reason: 'old' }).data,
});

describeWithServer('postgresql', 'checkpoints of a running ledger', () => {
  let database: TestDatabase;
  let audit: RunningService;

  beforeAll(async () => {
    database = await (await server('postgresql')).createDatabase();
    const infrastructure = {
      databaseUrl: database.url,
      bus: { kind: 'postgres' },
      tokenKey: new Uint8Array(32).fill(3),
      addressOf: () => '',
      logger: createLogger({ name: 'test', level: 'silent' }),
    } as const;
    audit = await openAudit(infrastructure, { key: privateKey, checkpointEveryMs: everyMs });
    await startService(audit);
  }, 60_000);
  afterAll(async () => {
    await audit.context.drain();
    await audit.context.close();
    await database.drop();
  });

  const told = async (): Promise<readonly string[]> =>
    (await listEntries(audit.context.pool, {}, 200)).map(({ envelope }) => envelope.type.split('.')[1] ?? '');

  const grownTo = async (size: number): Promise<void> => {
    for (let left = 1000; left > 0 && (await ledgerSize(audit.context.pool)) < size; left--) await sleep(20);
  };

  it('are told as events of the trail, which are no reason to sign again', async () => {
    for (const size of [2, 4]) {
      await audit.context.bus.publish([{ topic: topics.registry, key: 'subject-shop', envelope: message() }]);
      await grownTo(size);
      await sleep(20 * everyMs);
    }
    expect(await told()).toEqual(['SubjectArchived', 'CheckpointSigned', 'SubjectArchived', 'CheckpointSigned']);
    const signed = await checkpoints(audit.context.pool);
    expect(signed.map(({ size }) => size)).toEqual([1, 3]);
    const entries = await listEntries(audit.context.pool, { type: 'CheckpointSigned' }, 200);
    expect(entries.map(({ envelope }) => envelope)).toMatchObject(
      signed.map(({ size, note }) => ({
        subject: `checkpoint-${size}`,
        actor: 'service:audit',
        data: { size, note, root: note.split('\n')[2] },
      })),
    );
  });

  it('stand in an export that both offline verifiers accept', async () => {
    const { pool } = audit.context;
    const size = await ledgerSize(pool);
    const signer = signerOf('dsem/audit', privateKey);
    const source = { origin: 'dsem/audit', exportedAt: '2026-01-05T10:00:00.000Z', signer, size };
    const lines: string[] = [];
    const parts = { entries: readEntries(pool, size), checkpoints: await checkpoints(pool) };
    for await (const line of writeExport({ ...source, ...parts })) lines.push(line);
    const expected = { valid: true, entries: 4, checkpoints: 2 };
    expect(await verifyExport(lines, { publicKey: signer.verifierKey })).toMatchObject(expected);
    const folder = mkdtempSync(join(tmpdir(), 'dsem-export-'));
    const file = join(folder, 'export.jsonl');
    writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
    const tool = join(__dirname, '../../../../libs/ledger/tools/verify_export.py');
    const python = spawnSync('python3', ['-B', tool, file, signer.verifierKey], { encoding: 'utf8' });
    rmSync(folder, { recursive: true });
    if (python.error === undefined) expect(JSON.parse(python.stdout)).toMatchObject(expected);
  });
});
