import { readAgentConfig } from '@dsem/environment-agent';
import {
  closeOnSignals,
  createLogger,
  loadConfig,
  runMain,
  startFailureOf,
  startFailures,
  waitForDatabase,
} from '@dsem/service-host';
import { standaloneVariables } from './config.js';
import { startStandalone } from './standalone.js';

const say = (line: string): void => void process.stderr.write(`${line}\n`);

const main = async (): Promise<void> => {
  const config = loadConfig(standaloneVariables, process.env);
  const logger = createLogger({ name: 'dsem', level: config.LOG_LEVEL });
  const agent = config.DSEM_AGENT_CONFIG === undefined ? undefined : readAgentConfig(config.DSEM_AGENT_CONFIG);
  if (config.DATABASE_URL !== undefined)
    await waitForDatabase(config.DATABASE_URL, { seconds: config.DSEM_START_WAIT_SECONDS, logger });
  const standalone = await startStandalone({
    dataDir: config.DSEM_DATA_DIR,
    databaseUrl: config.DATABASE_URL,
    port: config.PORT,
    host: config.HOST,
    logger,
    agent,
    failpoint: config.DSEM_FAILPOINT,
    onProgress: (what) => say(`… ${what}`),
    onDatabaseLost: (error) => {
      say(startFailureOf(error) ?? `The embedded PostgreSQL could not be started again: ${error.message}`);
      process.exit(startFailures.failed);
    },
  });
  closeOnSignals(standalone, logger);
  say(`Distributed Schema Evolution Manager listens on ${standalone.url}`);
  say(`Administrator key: ${standalone.administratorKeyFile} (readable by you only)`);
  say(`Interface description: ${standalone.url}/api/v1/openapi.json`);
};

await runMain(main);
