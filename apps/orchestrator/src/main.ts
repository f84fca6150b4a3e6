import { createPrivateKey } from 'node:crypto';
import { runService } from '@dsem/service-host';
import { z } from 'zod';
import { openOrchestrator } from './orchestrator.module.js';

await runService({
  name: 'orchestrator',
  version: '0.1.0',
  variables: z.object({
    DSEM_APPROVAL_KEY: z.string().includes('PRIVATE KEY').describe('an Ed25519 private key, PEM (PKCS #8)'),
  }),
  open: (infrastructure, config) => openOrchestrator(infrastructure, createPrivateKey(config.DSEM_APPROVAL_KEY)),
});
