import { createPublicKey, randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { kafkaBus, type ParkingLot } from '@dsem/messaging';
import {
  brokersVariable,
  busLog,
  createHost,
  createLogger,
  dataFolder,
  immutableClient,
  kafkaAccess,
  kafkaVariables,
  loadConfig,
  readKey,
  startWaitVariable,
  verifyingKeyVariable,
  waitForBrokers,
  type Authenticator,
  type Host,
} from '@dsem/service-host';
import { z } from 'zod';
import { handOverMs, startAgent, type RunningAgent } from './agent.js';
import { readAgentConfig } from './config.js';
import { openSpoolParking } from './parking.js';

/** The variables of an agent's process; docs/configuration.md describes them. */
export const agentVariables = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080).describe('a port for health and metrics, 0 to 65535'),
  HOST: z.string().default('0.0.0.0').describe('the address to listen on'),
  KAFKA_BROKERS: brokersVariable,
  ...kafkaVariables,
  DSEM_ENDPOINT: z.url({ protocol: /^https?$/ }).describe('the address of the gateway'),
  DSEM_API_KEY: z
    .string()
    .refine((text) => readKey(text)?.kind === 'agent', 'mistyped, cut off, or of another kind')
    .describe('an API key of kind agent'),
  DSEM_AGENT_CONFIG: z.string().describe('JSON, or the path of a JSON file: {agent, environments: [{name, url}]}'),
  DSEM_APPROVAL_PUBLIC_KEY: verifyingKeyVariable.describe("the orchestrator's Ed25519 public key, PEM (SPKI)"),
  DSEM_DATA_DIR: z.string().default('.dsem').describe('the path of a folder for the spool'),
  DSEM_START_WAIT_SECONDS: startWaitVariable,
  DSEM_FAILPOINT: z.string().optional().describe('for fault tests only'),
  LOG_LEVEL: z.enum(['silent', 'error', 'warn', 'info', 'debug', 'trace']).default('info').describe('a log level'),
});
type Variables = z.output<typeof agentVariables>;

/** An agent answers health and metrics only; it has no route that anybody could log in to. */
const nobody: Authenticator = { authenticate: () => Promise.resolve(undefined) };

const idempotency = {
  begin: () => Promise.resolve({ command: randomUUID() }),
  finish: () => Promise.resolve(),
  abandon: () => Promise.resolve(),
  release: () => Promise.resolve(),
  purge: () => Promise.resolve(),
};

interface OpenedAgent {
  readonly agent: RunningAgent;
  readonly lot: ParkingLot;
  readonly close: () => Promise<void>;
}

const openAgent = async (config: Variables): Promise<OpenedAgent> => {
  const logger = createLogger({ name: 'dsem-environment-agent', level: config.LOG_LEVEL });
  const served = readAgentConfig(config.DSEM_AGENT_CONFIG);
  const folder = join(dataFolder('DSEM_DATA_DIR', config.DSEM_DATA_DIR), 'agent');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const spool = join(folder, `${served.agent}.db`);
  const parking = openSpoolParking(spool, () => new Date());
  const kafka = { clientId: `dsem-agent-${served.agent}`, ...kafkaAccess(config.KAFKA_BROKERS, config) };
  await waitForBrokers(kafka, { seconds: config.DSEM_START_WAIT_SECONDS, logger });
  const bus = kafkaBus({ kafka, parking: parking.lot, log: busLog(logger) });
  const agent = await startAgent({
    config: served,
    bus,
    letters: parking.lot,
    controlPlane: immutableClient({
      baseUrl: () => config.DSEM_ENDPOINT,
      bearer: () => Promise.resolve(config.DSEM_API_KEY),
    }),
    approvalKey: createPublicKey(config.DSEM_APPROVAL_PUBLIC_KEY),
    spool,
    logger,
    ...(config.DSEM_FAILPOINT === undefined ? {} : { failpoint: config.DSEM_FAILPOINT }),
  });
  const close = async (): Promise<void> => {
    await bus.close();
    parking.close();
  };
  return { agent, lot: parking.lot, close };
};

/** Runs an agent as a process of its own: only outgoing connections but for health and metrics. */
export const runAgent = async (env: Readonly<Record<string, string | undefined>>): Promise<Host> => {
  const config = loadConfig(agentVariables, env);
  const { agent, lot, close } = await openAgent(config);
  const name = 'environment-agent';
  const letters = { service: name, lot, handlers: new Map() };
  const service = {
    service: name,
    checks: agent.checks,
    drain: () => agent.stop(handOverMs),
    close,
    idempotency,
    letters,
  };
  const host = await createHost({
    modules: [],
    services: [service],
    authenticator: nobody,
    logger: createLogger({ name: 'dsem-environment-agent', level: config.LOG_LEVEL }),
    version: '0.1.0',
    routes: [],
  });
  await host.listen(config.PORT, config.HOST);
  return host;
};
