import { closeOnSignals, createLogger } from '@dsem/service-host';
import { runAgent } from './process.js';

const host = await runAgent(process.env);
const logger = createLogger({ name: 'dsem-environment-agent' });
closeOnSignals(host, logger);
logger.info('ready');
