import { createPrivateKey } from 'node:crypto';
import { runMain, runService, signingKeyVariable } from '@dsem/service-host';
import { z } from 'zod';
import { openAudit } from './audit.module.js';

await runMain(() =>
  runService({
    name: 'audit',
    version: '0.1.0',
    variables: z.object({
      DSEM_AUDIT_KEY: signingKeyVariable,
      DSEM_AUDIT_ORIGIN: z.string().default('dsem/audit').describe("the ledger's name in checkpoints"),
    }),
    open: (infrastructure, config) =>
      openAudit(infrastructure, { key: createPrivateKey(config.DSEM_AUDIT_KEY), origin: config.DSEM_AUDIT_ORIGIN }),
  }),
);
