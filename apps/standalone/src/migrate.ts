import { createLogger, loadConfig, runMain } from '@dsem/service-host';
import { z } from 'zod';
import { migrateAll } from './migrate-all.js';

const variables = z.object({
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .describe("postgresql://user:password@host/database of the product's own database; the user may create roles"),
  LOG_LEVEL: z.enum(['silent', 'error', 'warn', 'info', 'debug', 'trace']).default('warn').describe('a log level'),
});

await runMain(() => {
  const config = loadConfig(variables, process.env);
  const logger = createLogger({ name: 'dsem-migrate', level: config.LOG_LEVEL });
  const say = (service: string): void => void process.stdout.write(`${service} is at the current version\n`);
  return migrateAll(config.DATABASE_URL, logger, say);
});
