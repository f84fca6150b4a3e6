import { closeOnSignals, createLogger, runMain } from '@dsem/service-host';
import { runAgent } from './process.js';

await runMain(async () => {
  const host = await runAgent(process.env);
  const logger = createLogger({ name: 'dsem-environment-agent' });
  closeOnSignals(host, logger);
  logger.info('ready');
});
