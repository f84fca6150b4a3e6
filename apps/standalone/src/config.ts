import { startWaitVariable } from '@dsem/service-host';
import { z } from 'zod';

/** The variables of the standalone server; docs/configuration.md describes them. */
export const standaloneVariables = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080).describe('a port, 0 to 65535'),
  HOST: z.string().default('127.0.0.1').describe('the address to listen on'),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .optional()
    .describe('postgresql://user:password@host/database; without it the embedded PostgreSQL is used'),
  DSEM_DATA_DIR: z.string().default('.dsem').describe('the path of a folder'),
  DSEM_AGENT_CONFIG: z
    .string()
    .optional()
    .describe('JSON, or the path of a JSON file: {agent, environments: [{name, url}]}'),
  DSEM_START_WAIT_SECONDS: startWaitVariable,
  DSEM_FAILPOINT: z.string().optional().describe('for fault tests only'),
  LOG_LEVEL: z.enum(['silent', 'error', 'warn', 'info', 'debug', 'trace']).default('info').describe('a log level'),
});
