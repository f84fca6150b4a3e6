import { join } from 'node:path';
import { openAudit } from '@dsem/audit';
import { handOverMs, startAgent, type AgentConfig, type RunningAgent } from '@dsem/environment-agent';
import { openGateway } from '@dsem/gateway';
import { openOrchestrator } from '@dsem/orchestrator';
import { openRegistry } from '@dsem/registry';
import {
  createHost,
  dataFolder,
  firstOf,
  serviceTokenAuthenticator,
  startService,
  type Host,
  type Infrastructure,
  type RunningService,
} from '@dsem/service-host';
import { openValidator } from '@dsem/validator';
import type { Logger } from 'pino';
import { openAgentBus, agentControlPlane, type AgentBus } from './agent-parts.js';
import { startEmbeddedPostgres, type Durability } from '@dsem/engine-postgresql/embedded';
import { secretBytes, signingKey } from './secrets.js';

/** What a standalone server is started with. */
export interface StandaloneOptions {
  /** Keys, spool and, without `databaseUrl`, the database itself. */
  readonly dataDir: string;
  /** A PostgreSQL of one's own whose user may create roles; default: the embedded one. */
  readonly databaseUrl?: string | undefined;
  readonly port: number;
  readonly host?: string | undefined;
  readonly logger: Logger;
  /** The environments this process's own agent serves; none: agents run elsewhere. */
  readonly agent?: AgentConfig | undefined;
  readonly agentHeartbeatMs?: number | undefined;
  readonly failpoint?: string | undefined;
  /** What committed data survives on the embedded server; less is faster. Default `machine`. */
  readonly durability?: Durability | undefined;
  readonly checkAnswers?: boolean | undefined;
  readonly onProgress?: ((what: string) => void) | undefined;
  /** Told when the embedded server ended and could not be started again. */
  readonly onDatabaseLost?: ((error: Error) => void) | undefined;
}

/** A running standalone server. */
export interface Standalone {
  readonly url: string;
  readonly administratorKeyFile: string;
  /** URL of the product's own database, or of another one on the embedded server. */
  readonly databaseUrl: (database?: string) => string;
  /** Starts (or replaces) the agent for these environments. */
  readonly serve: (config: AgentConfig) => Promise<void>;
  readonly close: () => Promise<void>;
}

export const version = '0.1.0';

const databaseOf = async (
  options: StandaloneOptions,
): Promise<{ url: (name?: string) => string; stop: () => Promise<void> }> => {
  const { databaseUrl, durability, onProgress, logger, onDatabaseLost } = options;
  if (databaseUrl !== undefined) {
    const url = (name?: string): string => {
      const changed = new URL(databaseUrl);
      if (name !== undefined) changed.pathname = `/${name}`;
      return changed.href;
    };
    return { url, stop: () => Promise.resolve() };
  }
  return startEmbeddedPostgres({
    folder: join(options.dataDir, 'pg'),
    onEnded: (what) => logger.error(what),
    onLost: (error) => {
      logger.fatal({ err: error }, 'the embedded PostgreSQL could not be started again');
      onDatabaseLost?.(error);
    },
    ...(durability === undefined ? {} : { durability }),
    ...(onProgress === undefined ? {} : { onProgress }),
  });
};

const keysOf = (dataDir: string) => ({
  token: secretBytes(join(dataDir, 'keys', 'token.key')),
  approval: signingKey(join(dataDir, 'keys', 'approval.pem')),
  audit: signingKey(join(dataDir, 'keys', 'audit.pem')),
  administratorKeyFile: join(dataDir, 'keys', 'administrator.key'),
});

type Keys = ReturnType<typeof keysOf>;

/** What a start that fails takes back, latest first. */
type Undo = (() => Promise<unknown>)[];

const openServices = async (
  infrastructure: Infrastructure,
  keys: Keys,
  undo: Undo,
): Promise<{ gateway: Awaited<ReturnType<typeof openGateway>>; all: readonly RunningService[] }> => {
  const { administratorKeyFile } = keys;
  const opened = async <Running extends RunningService>(opening: Promise<Running>): Promise<Running> => {
    const running = await opening;
    undo.push(() => running.context.drain().then(running.context.close));
    return running;
  };
  const gateway = await opened(openGateway(infrastructure, { administratorKeyFile }));
  const registry = await opened(openRegistry(infrastructure));
  const validator = await opened(openValidator(infrastructure));
  const orchestrator = await opened(openOrchestrator(infrastructure, keys.approval.privateKey));
  const audit = await opened(openAudit(infrastructure, { key: keys.audit.privateKey }));
  return { gateway, all: [gateway, registry, validator, orchestrator, audit] };
};

/** The agent in this process: none, one, or another one later. */
const agentSlot = (options: StandaloneOptions, { bus, letters }: AgentBus, keys: Keys, address: () => string) => {
  let running: RunningAgent | undefined;
  const stop = async (withinMs?: number): Promise<void> => running?.stop(withinMs);
  const serve = async (config: AgentConfig): Promise<void> => {
    await stop();
    running = await startAgent({
      config,
      bus,
      letters,
      controlPlane: agentControlPlane(address, config, keys.token),
      approvalKey: keys.approval.publicKey,
      spool: join(options.dataDir, 'agent', `${config.agent}.db`),
      logger: options.logger.child({ service: 'environment-agent' }),
      ...(options.agentHeartbeatMs === undefined ? {} : { heartbeatMs: options.agentHeartbeatMs }),
      ...(options.failpoint === undefined ? {} : { failpoint: options.failpoint }),
    });
  };
  return { serve, stop };
};

const start = async (options: StandaloneOptions, undo: Undo): Promise<Standalone> => {
  const { logger, checkAnswers = false } = options;
  const database = await databaseOf(options);
  undo.push(database.stop);
  const keys = keysOf(options.dataDir);
  let url = '';
  const address = (): string => url;
  const bus = { kind: 'postgres' } as const;
  const shared = { bus, tokenKey: keys.token, addressOf: address, logger, poolSize: 6 };
  options.onProgress?.('opening the services');
  const { gateway, all } = await openServices({ databaseUrl: database.url(), ...shared }, keys, undo);
  const services = serviceTokenAuthenticator(['registry', 'validator', 'orchestrator'], keys.token);
  const authenticator = firstOf(services, gateway.authenticator);
  const modules = all.map((service) => service.module);
  const contexts = all.map((service) => service.context);
  const host: Host = await createHost({ modules, services: contexts, authenticator, logger, version, checkAnswers });
  undo.splice(1, undo.length, host.close);
  url = await host.listen(options.port, options.host);
  for (const service of all) await startService(service);
  const agentBus = await openAgentBus(database.url());
  undo.push(agentBus.close);
  const agent = agentSlot(options, agentBus, keys, address);
  if (options.agent !== undefined) await agent.serve(options.agent);
  const close = async (): Promise<void> => {
    await agent.stop(handOverMs);
    await host.close();
    await agentBus.close();
    await database.stop();
  };
  const { administratorKeyFile } = keys;
  return { url, administratorKeyFile, databaseUrl: database.url, serve: agent.serve, close };
};

/**
 * Every module of the product in one process on one PostgreSQL: the same modules as in the distributed composition.
 * A start that fails leaves nothing running.
 */
export const startStandalone = async (options: StandaloneOptions): Promise<Standalone> => {
  const undo: Undo = [];
  try {
    return await start({ ...options, dataDir: dataFolder('DSEM_DATA_DIR', options.dataDir) }, undo);
  } catch (error) {
    for (const step of undo.reverse())
      await step().catch((again: unknown) => options.logger.warn({ err: again }, 'the failed start was not undone'));
    throw error;
  }
};
