import { runMain, runService } from '@dsem/service-host';
import { z } from 'zod';
import { openGateway } from './gateway.module.js';
import { proxyRoutes } from './proxy.js';

await runMain(() =>
  runService({
    name: 'gateway',
    version: '0.1.0',
    variables: z.object({
      ADMINISTRATOR_KEY_FILE: z.string().optional().describe('the path of a file for the administrator key'),
    }),
    open: (infrastructure, config) =>
      openGateway(infrastructure, { administratorKeyFile: config.ADMINISTRATOR_KEY_FILE }),
    host: ({ authenticator }, { addressOf, tokenKey, logger }) => ({
      authenticator,
      configure: (server) => proxyRoutes(server, { addressOf, authenticator, tokenKey, logger }),
    }),
  }),
);
