import { createPrivateKey } from 'node:crypto';
import { runMain, runService, signingKeyVariable } from '@dsem/service-host';
import { z } from 'zod';
import { openOrchestrator } from './orchestrator.module.js';

await runMain(() =>
  runService({
    name: 'orchestrator',
    version: '0.1.0',
    variables: z.object({
      DSEM_APPROVAL_KEY: signingKeyVariable,
    }),
    open: (infrastructure, config) => openOrchestrator(infrastructure, createPrivateKey(config.DSEM_APPROVAL_KEY)),
  }),
);
