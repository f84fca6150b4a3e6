import type { KeyObject } from 'node:crypto';
import { topics } from '@dsem/events';
import { signerOf } from '@dsem/ledger';
import { openOn, SERVICE_CONTEXT, type Infrastructure, type RunningService } from '@dsem/service-host';
import { Module, type DynamicModule } from '@nestjs/common';
import { AUDIT, type Audit } from './audit.context.js';
import { startOnAllTopics } from './ledger/all-topics.consumer.js';
import { startCheckpoints } from './ledger/checkpoint.job.js';
import { LedgerController } from './ledger/ledger.controller.js';
import { ledgerTables } from './ledger/ledger.store.js';

/** Wiring only. */
@Module({})
export class AuditModule {
  static of(audit: Audit): DynamicModule {
    return {
      module: AuditModule,
      controllers: [LedgerController],
      providers: [
        { provide: AUDIT, useValue: audit },
        { provide: SERVICE_CONTEXT, useValue: audit.service },
      ],
    };
  }
}

/** How the ledger is signed. */
export interface AuditOptions {
  /** Ed25519 private key of checkpoints and exports. */
  readonly key: KeyObject;
  /** The ledger's name in checkpoints; default `dsem/audit`. */
  readonly origin?: string;
  /** Default one minute. */
  readonly checkpointEveryMs?: number;
}

/** Opens the audit service: the ledger of everything that happened. */
export const openAudit = async (infrastructure: Infrastructure, options: AuditOptions): Promise<RunningService> => {
  const parts = [ledgerTables];
  const service = await openOn(infrastructure, { service: 'audit', parts, entities: [], topic: topics.audit });
  const origin = options.origin ?? 'dsem/audit';
  const audit: Audit = { service, origin, signer: signerOf(origin, options.key) };
  return {
    context: service,
    module: AuditModule.of(audit),
    start: async () => {
      service.relay();
      await startOnAllTopics(audit);
      startCheckpoints(audit, options.checkpointEveryMs ?? 60_000);
    },
  };
};
