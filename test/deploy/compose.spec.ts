import { execFileSync } from 'node:child_process';
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { parse } from 'yaml';
import { loadConfig, mintKey, processVariables } from '@dsem/service-host';
import { readAgentConfig } from '../../apps/environment-agent/src/config.js';
import { agentVariables } from '../../apps/environment-agent/src/process.js';

const root = join(__dirname, '..', '..');
const text = (path: string): string => readFileSync(join(root, path), 'utf8');

interface Service {
  readonly image?: string;
  readonly build?: { readonly context: string; readonly dockerfile: string; readonly args: { readonly APP: string } };
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly networks: readonly string[];
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[]; readonly timeout?: string };
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const compose = parse(text('docker-compose.yml'), { merge: true }) as Compose;
const services = Object.entries(compose.services);
const ours = services.filter(([, { build }]) => build !== undefined);
const dockerfile = text('deploy/Dockerfile');

/** `${NAME:?...}` names in a text. */
const required = (value: string): string[] =>
  [...value.matchAll(/\$\{([A-Z_]+):\?[^}]*\}/g)].map((match) => match[1] ?? '');
const variables = services.flatMap(([service, { environment = {} }]) =>
  Object.entries(environment).map(([name, value]) => ({ service, name, value: String(value) })),
);

/** Host and port of every address that a service is given. */
const addresses = variables.flatMap(({ service, name, value }) => {
  const plain = value.replace(/\$\{[^}]*\}/g, 'x');
  const urls = [...plain.matchAll(/[a-z]+:\/\/(?:[^@\s"/]*@)?([a-z][a-z0-9-]*):(\d+)/g)];
  const brokers = name === 'KAFKA_BROKERS' ? [...plain.matchAll(/([a-z][a-z0-9-]*):(\d+)/g)] : [];
  return [...urls, ...brokers].map((match) => ({ service, name, host: match[1] ?? '', port: Number(match[2]) }));
});

const listens = (name: string): number[] => {
  const { image, environment } = compose.services[name] as Service;
  if (image?.startsWith('postgres:')) return [5432];
  if (image?.startsWith('apache/kafka:')) return [9092, 9093, 9094];
  return [Number(environment?.['PORT'])];
};

describe('docker-compose.yml', () => {
  it('starts a process for every service, two agents, Kafka 4 and PostgreSQL 18', () => {
    const apps = ours.map(([, { build }]) => build?.args.APP).sort();
    const distributed = readdirSync(join(root, 'apps')).filter((app) => !['standalone', 'cli', 'demo'].includes(app));
    expect([...new Set(apps)]).toEqual(distributed.sort());
    expect(apps.filter((app) => app === 'environment-agent')).toHaveLength(2);
    const images = services.flatMap(([, { image }]) => image ?? []);
    expect(images.filter((image) => /^apache\/kafka:4\.\d+\.\d+$/.test(image))).toHaveLength(1);
    expect(images.filter((image) => /^postgres:18\.\d+/.test(image))).toHaveLength(3);
  });

  it.each(services)('%s runs an image with an exact version, or is built from a folder that is there', (_, service) => {
    if (service.image !== undefined) expect(service.image).toMatch(/^[a-z/]+:\d+\.\d+(\.\d+)?(-[a-z]+)?$/);
    else expect(existsSync(join(root, 'apps', service.build?.args.APP ?? '', 'package.json'))).toBe(true);
    if (service.build !== undefined) expect(existsSync(join(root, service.build.dockerfile))).toBe(true);
    expect(service.image === undefined).not.toBe(service.build === undefined);
  });

  it.each(services)('%s tells whether it is healthy, and waits for what it needs to be healthy', (_, service) => {
    expect(service.healthcheck?.test.length).toBeGreaterThan(2);
    for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
      expect(compose.services[other]).toBeDefined();
      expect(condition).toBe('service_healthy');
    }
  });

  it('waits in no circle', () => {
    const visit = (name: string, path: readonly string[]): void => {
      expect(path).not.toContain(name);
      for (const other of Object.keys(compose.services[name]?.depends_on ?? {})) visit(other, [...path, name]);
    };
    for (const [name] of services) visit(name, []);
  });

  it('names in its addresses only hosts that run, listen there and share a network', () => {
    expect(addresses.length).toBeGreaterThan(15);
    for (const { service, name, host, port } of addresses) {
      expect({ service, name, host, known: host in compose.services }).toMatchObject({ known: true });
      const [from, to] = [compose.services[service], compose.services[host]] as [Service, Service];
      const shared = from.networks.filter((network) => to.networks.includes(network));
      expect({ service, name, host, shared: shared.length > 0 }).toMatchObject({ shared: true });
      expect({ service, name, ports: listens(host) }).toMatchObject({
        ports: expect.arrayContaining([port]) as number[],
      });
    }
  });

  it('uses only networks and volumes that it declares', () => {
    for (const [, { networks, volumes = [] }] of services) {
      for (const network of networks) expect(Object.keys(compose.networks)).toContain(network);
      for (const volume of volumes) expect(Object.keys(compose.volumes)).toContain(volume.split(':')[0]);
    }
  });

  it('lets nobody but an agent reach the database of its region, and nobody leave that region', () => {
    for (const region of ['eu', 'us']) {
      const inside = services.filter(([, { networks }]) => networks.includes(`region-${region}`)).map(([name]) => name);
      expect(inside.sort()).toEqual([`agent-${region}`, `database-${region}`]);
      expect(compose.services[`database-${region}`]?.networks).toEqual([`region-${region}`]);
      expect(compose.networks[`region-${region}`]?.internal).toBe(true);
    }
  });

  it.each(services.filter(([name]) => name.startsWith('agent-')))(
    '%s gets a configuration that it can read',
    (name, agent) => {
      const { agent: own, environments } = readAgentConfig(environmentOf(agent)['DSEM_AGENT_CONFIG'] ?? '');
      expect(own).toBe(name);
      expect(environments.map(({ url }) => new URL(url).hostname)).toEqual([name.replace('agent', 'database')]);
      expect(agent.volumes?.some((volume) => volume.endsWith(':/var/lib/dsem'))).toBe(true);
    },
  );

  const samples: Record<string, string> = {
    DSEM_TOKEN_KEY: Buffer.alloc(32).toString('base64'),
    DSEM_APPROVAL_PUBLIC_KEY: generateKeyPairSync('ed25519')
      .publicKey.export({ type: 'spki', format: 'pem' })
      .toString(),
    DSEM_EU_AGENT_KEY: mintKey('agent', 'eu').text,
    DSEM_US_AGENT_KEY: mintKey('agent', 'us').text,
  };
  /** The environment of a service as compose fills it in. */
  const environmentOf = ({ environment = {} }: Service): Record<string, string> =>
    Object.fromEntries(
      Object.entries(environment).map(([name, value]) => [
        name,
        String(value)
          .replace(/\$\{([A-Z_]+):\?[^}]*\}/g, (_all, variable: string) => samples[variable] ?? 'x')
          .replace(/\$\{[A-Z_]+:-([^}]*)\}/g, '$1'),
      ]),
    );

  it.each(ours)('%s gets values that its process accepts, and none that it does not know', (name, service) => {
    const shape = name.startsWith('agent-') ? agentVariables : processVariables;
    const given = environmentOf(service);
    expect(loadConfig(shape, given)).toMatchObject({ PORT: 8080, HOST: '0.0.0.0' });
    const main = text(`apps/${service.build?.args.APP ?? ''}/src/main.ts`);
    for (const each of Object.keys(given).filter((key) => !(key in shape.shape))) expect(main).toContain(each);
  });

  it('publishes the gateway and Kafka alone, on the loopback interface', () => {
    const published = services.filter(([, { ports }]) => ports !== undefined);
    expect(published.map(([name]) => name).sort()).toEqual(['gateway', 'kafka']);
    for (const port of published.flatMap(([, { ports = [] }]) => ports)) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  /** `NAME://host:port` pairs of a list of Kafka listeners, as compose fills it in. */
  const listenersIn = (variable: string): Record<string, string> => {
    const list = environmentOf(compose.services['kafka'] as Service)[variable] ?? '';
    return Object.fromEntries(list.split(',').map((each) => each.split('://') as [string, string]));
  };

  it('has a Kafka that tells clients inside and on the host an address which each of them reaches', () => {
    const kafka = compose.services['kafka'] as Service;
    const environment = environmentOf(kafka);
    const [bound, told] = [listenersIn('KAFKA_LISTENERS'), listenersIn('KAFKA_ADVERTISED_LISTENERS')];
    const controller = environment['KAFKA_CONTROLLER_LISTENER_NAMES'] ?? '';
    expect(Object.keys(bound).sort()).toEqual([...Object.keys(told), controller].sort());
    const mapped = (environment['KAFKA_LISTENER_SECURITY_PROTOCOL_MAP'] ?? '').split(',');
    expect(mapped.map((each) => each.split(':')[0]).sort()).toEqual(Object.keys(bound).sort());
    expect(told).toMatchObject({ [environment['KAFKA_INTER_BROKER_LISTENER_NAME'] ?? '']: 'kafka:9092' });

    const [published = ''] = kafka.ports ?? [];
    const [host, outside, inside] = published.replace(/\$\{[A-Z_]+:-([^}]*)\}/g, '$1').split(':');
    const forHost = Object.keys(bound).find((name) => bound[name] === `:${inside}`) ?? '';
    expect(told[forHost]).toBe(`${host}:${outside}`);
    expect(text('docs/configuration.md')).toContain(`KAFKA_BROKERS=${host}:${outside} npm start`);
  });

  it('gives a health check that starts a JVM the time for it', () => {
    expect(Number.parseInt(compose.services['kafka']?.healthcheck?.timeout ?? '', 10)).toBeGreaterThanOrEqual(15);
  });

  it('has no default for any secret, and no secret in its text', () => {
    const secrets = variables.filter(
      ({ name, value }) =>
        /SECRET|PASSWORD|API_KEY|TOKEN_KEY|APPROVAL_KEY|AUDIT_KEY/.test(name) || /:\/\/[^/]*@/.test(value),
    );
    expect(secrets.length).toBeGreaterThan(10);
    for (const { service, name, value } of secrets) {
      expect({ service, name, from: required(value).length > 0 }).toMatchObject({ from: true });
      const rest = value.replace(/\$\{[A-Z_]+:\?[^}]*\}/g, '');
      expect({ service, name, rest }).toMatchObject({ rest: expect.not.stringMatching(/:[^/@{"]+@/) as string });
      if (!/:\/\//.test(value)) expect({ service, name, rest }).toMatchObject({ rest: '' });
    }
  });

  it('needs exactly the variables that .env.example lists, and the example gives no values', () => {
    const listed = [...text('.env.example').matchAll(/^([A-Z_]+)=(.*)$/gm)];
    expect(listed.map((match) => match[1]).sort()).toEqual([...new Set(required(text('docker-compose.yml')))].sort());
    for (const [, name, value] of listed) expect({ name, value }).toEqual({ name, value: '' });
  });

  it.each(ours)('%s runs without privileges on a read-only file system', (_, service) => {
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
  });
});

describe('deploy/make-env.mjs', () => {
  const made = execFileSync(process.execPath, [join(root, 'deploy', 'make-env.mjs')], { encoding: 'utf8' });
  const valueOf = (name: string): string => new RegExp(`^${name}="([^"]+)"`, 'm').exec(made)?.[1] ?? '';

  it('makes everything that .env.example lists', () => {
    for (const [, name = ''] of text('.env.example').matchAll(/^([A-Z_]+)=/gm)) {
      expect({ name, value: valueOf(name) }).toMatchObject({ value: expect.stringMatching(/./) as string });
    }
  });

  it('makes keys that fit each other and that the services accept', () => {
    const approval = createPrivateKey(valueOf('DSEM_APPROVAL_KEY'));
    expect(createPublicKey(approval).equals(createPublicKey(valueOf('DSEM_APPROVAL_PUBLIC_KEY')))).toBe(true);
    expect(createPrivateKey(valueOf('DSEM_AUDIT_KEY')).asymmetricKeyType).toBe('ed25519');
    expect(Buffer.from(valueOf('DSEM_TOKEN_KEY'), 'base64')).toHaveLength(32);
    expect(agentVariables.shape.DSEM_API_KEY.safeParse(valueOf('DSEM_EU_AGENT_KEY')).success).toBe(false);
  });
});

describe('deploy/Dockerfile', () => {
  const stages = [...dockerfile.matchAll(/^FROM (\S+)(?: AS (\S+))?$/gm)];
  const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM'));

  it('builds in stages from one pinned image, and the last holds no build tools', () => {
    expect(dockerfile).toMatch(/^ARG NODE_IMAGE=node:24\.\d+\.\d+-[a-z-]+$/m);
    expect(new Set(stages.map((stage) => stage[1]))).toEqual(new Set(['${NODE_IMAGE}']));
    expect(stages.length).toBeGreaterThan(2);
    expect(last).not.toMatch(/^RUN .*(npm|tsc)/m);
  });

  it('assembles compiled code, and every node_modules that npm made', () => {
    const folder = mkdtempSync(join(tmpdir(), 'dsem-image-'));
    const write = (path: string): void => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), '');
    };
    const code = ['libs/a/package.json', 'libs/a/dist/index.js', 'apps/x/package.json', 'apps/x/dist/main.js'];
    const others = ['libs/a/src/index.ts', 'libs/a/dist/.tsbuildinfo', 'libs/a/node_modules/dev/package.json'];
    const modules = ['node_modules/m/i.js', 'libs/a/node_modules/m/node_modules/n/i.js', 'apps/x/node_modules/m/i.js'];
    for (const path of [...code, ...others, 'apps/y/dist/main.js', 'LICENSE', 'package.json']) write(`built/${path}`);
    for (const path of [...modules, 'apps/y/node_modules/m/i.js']) write(`installed/${path}`);
    mkdirSync(join(folder, 'app'));
    const assembly = dockerfile.slice(dockerfile.indexOf(' AS assembly'), dockerfile.lastIndexOf('\nFROM'));
    const command = /^RUN ((?:.*\\\n)*.*)$/m.exec(assembly)?.[1] ?? '';
    const here = command.replaceAll(/ \/(built|installed|app)\b/g, ` ${folder}/$1`);
    execFileSync('sh', ['-ec', here], { env: { ...process.env, APP: 'x' } });
    const files = readdirSync(join(folder, 'app'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(join(folder, 'app'), join(entry.parentPath, entry.name)));
    expect(files.sort()).toEqual([...code, ...modules, 'LICENSE', 'package.json'].sort());
    rmSync(folder, { recursive: true });
  });

  it('copies only from stages that are there', () => {
    for (const [, stage] of dockerfile.matchAll(/--from=(\S+)/g))
      expect(stages.map((each) => each[2])).toContain(stage);
  });

  it('runs as another user than root, takes the service as argument, and tells its health', () => {
    expect(last).toMatch(/^USER node$/m);
    expect(last).toMatch(/^ARG APP$/m);
    expect(last).toMatch(/^HEALTHCHECK /m);
    expect(last).toMatch(/exec node .*apps\/\$APP\/dist\/main\.js/);
  });
});
