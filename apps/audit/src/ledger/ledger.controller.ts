import { Readable } from 'node:stream';
import { auditRoutes, type AuditEntry, type Page, type RouteOutput } from '@dsem/api';
import { exportMade, parseTypeName, topics } from '@dsem/events';
import { writeExport, type LedgerEntry } from '@dsem/ledger';
import type { Envelope } from '@dsem/events';
import { Input, numberedPageOf, reply, Route, type Incoming, type Reply } from '@dsem/service-host';
import { Controller, Inject } from '@nestjs/common';
import { AUDIT, type Audit } from '../audit.context.js';
import { checkpoints, ledgerSize, listEntries, readEntries, streamOf } from './ledger.store.js';
import { signNow } from './sign.js';

type R = typeof auditRoutes;

const resourceOf = (entry: LedgerEntry & { readonly envelope: Envelope }): AuditEntry => ({
  index: entry.index,
  topic: entry.topic,
  receivedAt: entry.receivedAt,
  event: parseTypeName(entry.envelope.type)?.event ?? entry.envelope.type,
  stream: streamOf(entry.topic, entry.envelope),
  actor: entry.topic === topics.schemaChanges ? `foreign:${entry.envelope.source}` : entry.envelope.actor,
  correlationId: entry.envelope.correlationid,
  hash: entry.hash,
  envelope: { ...entry.envelope },
});

async function* lines(source: AsyncGenerator<string>): AsyncGenerator<string> {
  for await (const line of source) yield `${line}\n`;
}

/** The audit trail over REST. */
@Controller()
export class LedgerController {
  constructor(@Inject(AUDIT) private readonly audit: Audit) {}

  @Route(auditRoutes.listAuditEntries)
  async list(@Input() { query }: Incoming<R['listAuditEntries']>): Promise<Page<AuditEntry>> {
    const { correlationId, stream, event: type } = query;
    return numberedPageOf(query, async (after, take) => {
      const filter = { after, correlationId, stream, type };
      const entries = await listEntries(this.audit.service.pool, filter, take);
      return entries.map((entry) => ({ key: entry.index, item: resourceOf(entry) }));
    });
  }

  @Route(auditRoutes.exportAudit)
  async export(@Input() { context }: Incoming<R['exportAudit']>): Promise<Reply<Readable>> {
    const { pool, clock, store, newId } = this.audit.service;
    await signNow(this.audit, context);
    const size = await ledgerSize(pool);
    const source = {
      origin: this.audit.origin,
      exportedAt: clock().toISOString(),
      signer: this.audit.signer,
      size,
      entries: readEntries(pool, size),
      checkpoints: await checkpoints(pool),
    };
    const id = newId();
    const made = exportMade.of({ from: 0, to: size, entries: size, by: context.actor });
    await store.append(`export-${id}`, 0, [{ ...made, id, metadata: context }]);
    return reply(Readable.from(lines(writeExport(source))));
  }

  @Route(auditRoutes.auditCheckpoint)
  async checkpoint(@Input() { context }: Incoming<R['auditCheckpoint']>): Promise<RouteOutput<R['auditCheckpoint']>> {
    await signNow(this.audit, context);
    const newest = (await checkpoints(this.audit.service.pool)).at(-1) ?? { size: 0, note: '' };
    return { ...newest, publicKey: this.audit.signer.verifierKey };
  }
}
