import { z } from 'zod';
import { closeOnSignals, createHost, type Host, type HostOptions } from './bootstrap.js';
import { brokersVariable, loadConfig, startWaitVariable } from './config.js';
import { kafkaOf, startService, type BusChoice, type Infrastructure, type RunningService } from './infrastructure.js';
import { kafkaAccess, kafkaVariables } from './kafka-access.js';
import { createLogger } from './logging.js';
import { serviceTokenAuthenticator } from './service-token.js';
import { waitForBrokers, waitForDatabase } from './wait-for.js';

const address = z.url({ protocol: /^https?$/ });

/** The variables of every process of the distributed composition. Names and meaning: docs/configuration.md. */
export const processVariables = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080).describe('a port, 0 to 65535'),
  HOST: z.string().default('0.0.0.0').describe('the address to listen on'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).describe('postgresql://user:password@host/database'),
  DATABASE_ADMIN_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .optional()
    .describe('a URL of a role that may create roles'),
  KAFKA_BROKERS: brokersVariable
    .optional()
    .describe('host:port, comma-separated; without it events go through PostgreSQL'),
  ...kafkaVariables,
  DSEM_TOKEN_KEY: z
    .base64()
    .refine((text) => Buffer.from(text, 'base64').length >= 32, 'at least 32 bytes')
    .describe('at least 32 random bytes in base64, the same for all services'),
  DSEM_START_WAIT_SECONDS: startWaitVariable,
  LOG_LEVEL: z.enum(['silent', 'error', 'warn', 'info', 'debug', 'trace']).default('info').describe('a log level'),
  REGISTRY_URL: address.default('http://registry:8080').describe('http://host:port'),
  VALIDATOR_URL: address.default('http://validator:8080').describe('http://host:port'),
  ORCHESTRATOR_URL: address.default('http://orchestrator:8080').describe('http://host:port'),
  AUDIT_URL: address.default('http://audit:8080').describe('http://host:port'),
});
export type ProcessConfig = z.output<typeof processVariables>;

const busOf = (config: ProcessConfig): BusChoice =>
  config.KAFKA_BROKERS === undefined
    ? { kind: 'postgres' }
    : { kind: 'kafka', ...kafkaAccess(config.KAFKA_BROKERS, config) };

/** Where each service answers, by its name. */
const addressesOf =
  (config: ProcessConfig) =>
  (service: string): string => {
    const addresses: Record<string, string> = {
      registry: config.REGISTRY_URL,
      validator: config.VALIDATOR_URL,
      orchestrator: config.ORCHESTRATOR_URL,
      audit: config.AUDIT_URL,
    };
    const found = addresses[service];
    if (found === undefined) throw new Error(`no address of ${service}`);
    return found;
  };

/** Nothing is opened before what it stands on answers. */
const waitForStores = async (config: ProcessConfig, { bus, logger }: Infrastructure): Promise<void> => {
  const patience = { seconds: config.DSEM_START_WAIT_SECONDS, logger };
  await waitForDatabase(config.DATABASE_ADMIN_URL ?? config.DATABASE_URL, patience);
  if (bus.kind === 'kafka') await waitForBrokers(kafkaOf(bus, 'dsem-start'), patience);
};

/** What the variables of a process give its service. */
export const infrastructureOf = (config: ProcessConfig, name: string): Infrastructure => ({
  databaseUrl: config.DATABASE_URL,
  ...(config.DATABASE_ADMIN_URL === undefined ? {} : { adminUrl: config.DATABASE_ADMIN_URL }),
  bus: busOf(config),
  tokenKey: Buffer.from(config.DSEM_TOKEN_KEY, 'base64'),
  addressOf: addressesOf(config),
  logger: createLogger({ name: `dsem-${name}`, level: config.LOG_LEVEL }),
});

/** One service as a process. */
export interface ServiceProcess<Running extends RunningService, Shape extends z.ZodObject> {
  readonly name: string;
  readonly version: string;
  /** Variables beside `processVariables`. */
  readonly variables?: Shape;
  readonly open: (infrastructure: Infrastructure, config: ProcessConfig & z.output<Shape>) => Promise<Running>;
  /** How the gateway differs; others take the gateway's tokens only. */
  readonly host?: (
    running: Running,
    infrastructure: Infrastructure,
  ) => Partial<Pick<HostOptions, 'authenticator' | 'configure'>>;
}

/** Runs one service as a process of its own until SIGTERM: the whole of a `main.ts`. */
export const runService = async <
  Running extends RunningService,
  Shape extends z.ZodObject = z.ZodObject<Record<never, never>>,
>(
  service: ServiceProcess<Running, Shape>,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Host> => {
  const shape = processVariables.extend(service.variables?.shape ?? {});
  const config = loadConfig(shape, env) as ProcessConfig & z.output<Shape>;
  const infrastructure = infrastructureOf(config, service.name);
  await waitForStores(config, infrastructure);
  const running = await service.open(infrastructure, config);
  const host = await createHost({
    modules: [running.module],
    services: [running.context],
    authenticator: serviceTokenAuthenticator(service.name, infrastructure.tokenKey),
    logger: infrastructure.logger,
    version: service.version,
    ...service.host?.(running, infrastructure),
  });
  closeOnSignals(host, infrastructure.logger);
  const url = await host.listen(config.PORT, config.HOST);
  await startService(running);
  infrastructure.logger.info({ url }, 'ready');
  return host;
};
