import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { faultProxy, server, surviving, type FaultProxy } from '@dsem/testkit';
import pg from 'pg';
import { SchemaEvolutionManager } from 'schema-evolution-sdk';
import { build, mainOf, runFolder } from './build.js';
import { freePort, Program } from './program.js';
import { overKafka, overPostgres, type PublishOutside } from './public-topic.js';

/** The two compositions of the product. */
export const compositions = ['standalone', 'distributed'] as const;
export type Composition = (typeof compositions)[number];

/** What a story can start, stop and kill, in either composition. */
export const services = ['gateway', 'registry', 'validator', 'orchestrator', 'audit', 'agent'] as const;
export type Service = (typeof services)[number];

/** Who acts in a story: each with an API key of one's own. */
export interface People {
  readonly administrator: SchemaEvolutionManager;
  /** Writes schemas, plans and executes migrations. */
  readonly ada: SchemaEvolutionManager;
  /** Approves. */
  readonly grace: SchemaEvolutionManager;
}

/** The product as it runs, with real servers around it: a story cannot tell which composition it plays in. */
export interface World {
  readonly composition: Composition;
  readonly people: People;
  /** The process in which a service runs; in standalone all are the same one. */
  readonly process: (service: Service) => Program;
  /** The product's own database. */
  readonly databaseUrl: string;
  /** An environment's database, past its proxy. */
  readonly environmentUrl: (environment: string) => string;
  /** Stands between the agent and an environment's database. */
  readonly proxy: (environment: string) => FaultProxy;
  /** How somebody outside sends a message on the public topic. */
  readonly publishOutside: PublishOutside;
  readonly clearLogs: () => void;
  readonly logs: () => string;
  readonly close: () => Promise<void>;
}

interface Databases {
  readonly product: string;
  readonly url: (environment: string) => string;
  readonly proxies: ReadonlyMap<string, FaultProxy>;
}

const openDatabases = async (environments: readonly string[]): Promise<Databases> => {
  const { url } = await server('postgresql', { own: true });
  const at = (database: string): string => Object.assign(new URL(url), { pathname: `/${database}` }).href;
  const client = surviving(new pg.Client({ connectionString: url }));
  await client.connect();
  for (const name of ['product', ...environments]) await client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`);
  await client.end();
  const proxies = await Promise.all(environments.map(async (name) => [name, await faultProxy(url)] as const));
  return { product: at('product'), url: at, proxies: new Map(proxies) };
};

interface Programs {
  readonly of: (service: Service) => Program;
  readonly all: readonly Program[];
  readonly gateway: Program;
  readonly administratorKeyFile: string;
  readonly publishOutside: PublishOutside;
}

interface Ground {
  readonly folder: string;
  readonly databases: Databases;
  readonly agentConfig: string;
}

const groundOf = (composition: Composition, databases: Databases): Ground => {
  const folder = join(runFolder(), `scenarios-${composition}`);
  mkdirSync(folder, { recursive: true });
  const agentConfig = join(folder, 'agent.json');
  const environments = [...databases.proxies].map(([name, proxy]) => ({
    name,
    url: proxy.through(databases.url(name)),
  }));
  writeFileSync(agentConfig, JSON.stringify({ agent: 'agent', environments }));
  return { folder, databases, agentConfig };
};

const startStandalone = async (ground: Ground, started: Program[]): Promise<Programs> => {
  const { folder, databases, agentConfig } = ground;
  const env = { DATABASE_URL: databases.product, DSEM_DATA_DIR: folder, DSEM_AGENT_CONFIG: agentConfig };
  const port = await freePort();
  const pidFolder = join(runFolder(), 'standalone-program');
  const program = new Program({ name: 'standalone', main: mainOf('standalone'), port, env, folder: pidFolder });
  started.push(program);
  await program.start();
  const administratorKeyFile = join(folder, 'keys', 'administrator.key');
  const publishOutside = overPostgres(databases.product);
  return { of: () => program, all: [program], gateway: program, administratorKeyFile, publishOutside };
};

const pem = (kind: 'privateKey' | 'publicKey', pair: ReturnType<typeof ed25519>): string =>
  kind === 'privateKey'
    ? pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    : pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();

const ed25519 = () => generateKeyPairSync('ed25519');

const managerFor = (gateway: Program, apiKey: string): SchemaEvolutionManager =>
  new SchemaEvolutionManager({ endpoint: gateway.url, apiKey });

const administratorOf = ({ gateway, administratorKeyFile }: Pick<Programs, 'gateway' | 'administratorKeyFile'>) =>
  managerFor(gateway, readFileSync(administratorKeyFile, 'utf8').trim());

const program = async (
  name: Service,
  app: string,
  env: Readonly<Record<string, string>>,
  port?: number,
): Promise<Program> => {
  const folder = join(runFolder(), `distributed-${name}`);
  return new Program({ name, main: mainOf(app), port: port ?? (await freePort()), env, folder });
};

const controlPlane = async (ground: Ground, brokers: string, approvalKey: string): Promise<Map<Service, Program>> => {
  const names = ['gateway', 'registry', 'validator', 'orchestrator', 'audit'] as const;
  const ports = new Map(await Promise.all(names.map(async (name) => [name, await freePort()] as const)));
  const address = (name: (typeof names)[number]): string => `http://127.0.0.1:${ports.get(name)}`;
  const shared = {
    DATABASE_URL: ground.databases.product,
    KAFKA_BROKERS: brokers,
    KAFKAJS_NO_PARTITIONER_WARNING: '1',
    DSEM_TOKEN_KEY: randomBytes(32).toString('base64'),
    REGISTRY_URL: address('registry'),
    VALIDATOR_URL: address('validator'),
    ORCHESTRATOR_URL: address('orchestrator'),
    AUDIT_URL: address('audit'),
  };
  const own: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    gateway: { ADMINISTRATOR_KEY_FILE: join(ground.folder, 'administrator.key') },
    orchestrator: { DSEM_APPROVAL_KEY: approvalKey },
    audit: { DSEM_AUDIT_KEY: pem('privateKey', ed25519()) },
  };
  const made = names.map(
    async (name) => [name, await program(name, name, { ...shared, ...own[name] }, ports.get(name))] as const,
  );
  return new Map<Service, Program>(await Promise.all(made));
};

const agentKey = async (administrator: SchemaEvolutionManager, environments: string[]): Promise<string> => {
  const body = { name: 'agent', kind: 'agent' as const, roles: ['agent' as const], environments };
  return (await administrator.client.call('issueKey', { body })).secret;
};

const startDistributed = async (ground: Ground, started: Program[]): Promise<Programs> => {
  const { brokers } = await server('kafka', { own: true });
  const approval = ed25519();
  const programs = await controlPlane(ground, brokers.join(','), pem('privateKey', approval));
  started.push(...programs.values());
  await Promise.all([...programs.values()].map((each) => each.start()));
  const gateway = programs.get('gateway') as Program;
  const administratorKeyFile = join(ground.folder, 'administrator.key');
  const agent = await program('agent', 'environment-agent', {
    KAFKA_BROKERS: brokers.join(','),
    KAFKAJS_NO_PARTITIONER_WARNING: '1',
    DSEM_ENDPOINT: gateway.url,
    DSEM_API_KEY: await agentKey(administratorOf({ gateway, administratorKeyFile }), [
      ...ground.databases.proxies.keys(),
    ]),
    DSEM_AGENT_CONFIG: ground.agentConfig,
    DSEM_APPROVAL_PUBLIC_KEY: pem('publicKey', approval),
    DSEM_DATA_DIR: ground.folder,
  });
  started.push(agent);
  await agent.start();
  programs.set('agent', agent);
  const of = (service: Service): Program => programs.get(service) as Program;
  return { of, all: [...programs.values()], gateway, administratorKeyFile, publishOutside: overKafka(brokers) };
};

const person = async (programs: Programs, name: string, roles: readonly ('developer' | 'operator' | 'approver')[]) => {
  const body = { name, roles: [...roles], kind: 'user' as const };
  const { secret } = await administratorOf(programs).client.call('issueKey', { body });
  return managerFor(programs.gateway, secret);
};

const peopleOf = async (programs: Programs): Promise<People> => ({
  administrator: administratorOf(programs),
  ada: await person(programs, 'ada', ['developer', 'operator', 'approver']),
  grace: await person(programs, 'grace', ['approver']),
});

/** Starts the product with one agent for these environments, each an empty database. */
export const openWorld = async (composition: Composition, environments: readonly string[]): Promise<World> => {
  await build();
  const databases = await openDatabases(environments);
  const ground = groundOf(composition, databases);
  const started: Program[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(started.map((each) => each.stop()));
    await Promise.all([...databases.proxies.values()].map((proxy) => proxy.close()));
  };
  try {
    const programs = await (composition === 'standalone'
      ? startStandalone(ground, started)
      : startDistributed(ground, started));
    return {
      composition,
      people: await peopleOf(programs),
      process: programs.of,
      databaseUrl: databases.product,
      environmentUrl: databases.url,
      proxy: (environment) => databases.proxies.get(environment) as FaultProxy,
      publishOutside: programs.publishOutside,
      clearLogs: () => programs.all.forEach((each) => each.clearLog()),
      logs: () => programs.all.map((each) => `== ${each.name}\n${each.log().slice(-30).join('\n')}`).join('\n'),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
};
