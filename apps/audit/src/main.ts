import { createPrivateKey } from 'node:crypto';
import { runService } from '@dsem/service-host';
import { z } from 'zod';
import { openAudit } from './audit.module.js';

await runService({
  name: 'audit',
  version: '0.1.0',
  variables: z.object({
    DSEM_AUDIT_KEY: z.string().includes('PRIVATE KEY').describe('an Ed25519 private key, PEM (PKCS #8)'),
    DSEM_AUDIT_ORIGIN: z.string().default('dsem/audit').describe("the ledger's name in checkpoints"),
  }),
  open: (infrastructure, config) =>
    openAudit(infrastructure, { key: createPrivateKey(config.DSEM_AUDIT_KEY), origin: config.DSEM_AUDIT_ORIGIN }),
});
