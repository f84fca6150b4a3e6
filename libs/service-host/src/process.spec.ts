import { generateKeyPairSync } from 'node:crypto';
import { z } from 'zod';
import { mintKey, readKey } from './api-key.js';
import { InvalidConfig, loadConfig, signingKeyVariable, verifyingKeyVariable } from './config.js';
import { kafkaAccess, kafkaVariables } from './kafka-access.js';
import { busLog, createLogger, redact } from './logging.js';
import { tracingOf, withTracing } from './request-context.js';
import { processVariables } from './run-service.js';
import { mintServiceToken, serviceTokenAuthenticator } from './service-token.js';

describe('configuration', () => {
  const shape = z.object({
    PORT: z.coerce.number().int().max(65_535).default(8080).describe('a port'),
    DATABASE_URL: z.url().describe('a URL'),
  });

  it('takes what is set, and defaults for what is empty', () => {
    const env = { DATABASE_URL: 'postgres://a@b/c', PORT: '', OTHER: 'x' };
    expect(loadConfig(shape, env)).toEqual({ PORT: 8080, DATABASE_URL: 'postgres://a@b/c' });
  });

  it('names each wrong variable, what it got and what it wants, but no secret', () => {
    const load = (): unknown => loadConfig(shape, { PORT: 'many', DATABASE_URL: 'hunter2' });
    expect(load).toThrow(InvalidConfig);
    expect(load).toThrow(/PORT: got "many", wanted a port.*DATABASE_URL: got \(hidden\), wanted a URL/);
    expect(load).not.toThrow(/hunter2/);
  });

  it.each([
    ['too short a token key', { DSEM_TOKEN_KEY: Buffer.alloc(16).toString('base64') }],
    ['no database', { DATABASE_URL: undefined }],
    ['a foreign database', { DATABASE_URL: 'mysql://a@b/c' }],
    ['a service address that is no URL', { REGISTRY_URL: 'registry' }],
    ['brokers without a port', { KAFKA_BROKERS: 'kafka:9092, other' }],
    ['brokers as a URL', { KAFKA_BROKERS: 'kafka://kafka:9092' }],
    ['a wait that is no number', { DSEM_START_WAIT_SECONDS: 'long' }],
  ])('refuses a process with %s', (_, wrong) => {
    const right = { DATABASE_URL: 'postgres://a@b/c', DSEM_TOKEN_KEY: Buffer.alloc(32, 1).toString('base64') };
    expect(() => loadConfig(processVariables, right)).not.toThrow();
    expect(() => loadConfig(processVariables, { ...right, ...wrong })).toThrow(InvalidConfig);
  });
});

describe('a key in the configuration', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const pem = {
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
  const rsa = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const shape = z.object({ SIGNING_KEY: signingKeyVariable, CHECKING_KEY: verifyingKeyVariable });
  const right = { SIGNING_KEY: pem.privateKey, CHECKING_KEY: pem.publicKey };

  it('is taken where it is of the kind that is wanted', () => {
    expect(loadConfig(shape, right)).toEqual(right);
  });

  it.each([
    ['cut off', { SIGNING_KEY: pem.privateKey.slice(0, 60) }, 'SIGNING_KEY'],
    ['of another algorithm', { SIGNING_KEY: rsa.privateKey }, 'SIGNING_KEY'],
    ['the public half', { SIGNING_KEY: pem.publicKey }, 'SIGNING_KEY'],
    ['cut off', { CHECKING_KEY: pem.publicKey.slice(0, 60) }, 'CHECKING_KEY'],
    ['only its first line', { CHECKING_KEY: '-----BEGIN PUBLIC KEY-----' }, 'CHECKING_KEY'],
    ['of another algorithm', { CHECKING_KEY: rsa.publicKey }, 'CHECKING_KEY'],
    ['the private half', { CHECKING_KEY: pem.privateKey }, 'CHECKING_KEY'],
  ])('is refused when it is %s', (_, wrong, name) => {
    const load = (): unknown => loadConfig(shape, { ...right, ...wrong });
    expect(load).toThrow(new RegExp(`^${name}: got \\(hidden\\), wanted an Ed25519 (private|public) key, PEM`));
    expect(load).not.toThrow(/MC4CAQ|BEGIN/);
  });
});

describe('the way to Kafka', () => {
  const shape = z.object(kafkaVariables);
  const access = (env: Readonly<Record<string, string>>) => kafkaAccess('a:1, b:2', loadConfig(shape, env));
  const known = { KAFKA_SASL_USERNAME: 'dsem-registry', KAFKA_SASL_PASSWORD: 'hunter2' };

  it('is open and unnamed unless something else is asked for', () => {
    expect(access({})).toEqual({ brokers: ['a:1', 'b:2'], ssl: false });
  });

  it('is by name and password, which are sent salted when nobody says otherwise', () => {
    const sasl = { mechanism: 'scram-sha-512', username: 'dsem-registry', password: 'hunter2' };
    expect(access({ ...known, KAFKA_SSL: 'true' })).toEqual({ brokers: ['a:1', 'b:2'], ssl: true, sasl });
    expect(access({ ...known, KAFKA_SASL_MECHANISM: 'plain' }).sasl).toMatchObject({ mechanism: 'plain' });
  });

  it.each([
    ['a name without a password', { KAFKA_SASL_USERNAME: 'dsem-registry' }],
    ['a password without a name', { KAFKA_SASL_PASSWORD: 'hunter2' }],
    ['a mechanism that is not known', { ...known, KAFKA_SASL_MECHANISM: 'gssapi' }],
  ])('is refused with %s, and no secret is told', (_, env) => {
    expect(() => access(env)).toThrow(InvalidConfig);
    expect(() => access(env)).not.toThrow(/hunter2/);
  });
});

describe('log lines', () => {
  const lines: string[] = [];
  const logger = createLogger({ name: 'x', destination: { write: (line) => void lines.push(line) } });
  const key = mintKey('user', 'ab').text;

  it.each([
    ['a password in a URL', { url: 'postgres://admin:hunter2@db:5432/x' }],
    ['a password with @ in a URL', { url: 'postgres://admin:hunter2%40x@db/x' }],
    ['a secret field', { secret: 'hunter2' }],
    ['a nested header', { req: { headers: { authorization: 'hunter2' } } }],
    ['a bearer token', { note: 'Bearer hunter2hunter2' }],
    ['an error with a URL', { err: new Error('no way to mysql://root:hunter2@h') }],
  ])('hide %s', (_, fields) => {
    lines.splice(0);
    logger.error(fields, 'x');
    expect(lines.join('')).not.toContain('hunter2');
  });

  it('hide the same in the words of the bus', () => {
    lines.splice(0);
    busLog(logger)('warn', { password: 'hunter2' }, 'no way to kafka://a:hunter2@b');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 40, bus: 'kafka', password: '***' });
    expect(lines.join('')).not.toContain('hunter2');
  });

  it('hide the secret of a key, and keep its id', () => {
    expect(redact(`key ${key} used`)).toBe('key dsem_user_ab_*** used');
  });

  it('carry the correlation id of the request in hand', () => {
    lines.splice(0);
    withTracing(tracingOf({ 'x-correlation-id': 'c-9' }), () => logger.info('x'));
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ correlationId: 'c-9' });
  });
});

describe('tracing headers', () => {
  const good = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  it('are taken when they are well formed', () => {
    expect(tracingOf({ traceparent: good, 'x-correlation-id': 'a' })).toMatchObject({
      traceparent: good,
      correlationId: 'a',
    });
  });

  it.each(['', 'x\ny', 'ä', 'x'.repeat(101), '{"a":1} '])('are made anew when they are %j', (bad) => {
    const { correlationId, traceparent } = tracingOf({ traceparent: bad, 'x-correlation-id': bad });
    expect(correlationId).toMatch(/^[0-9a-f-]{36}$/);
    expect(traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  });
});

describe('keys and tokens', () => {
  it('a key reads back, and no changed character of it does', () => {
    const { text } = mintKey('agent', 'a1');
    expect(readKey(text)).toMatchObject({ kind: 'agent', id: 'a1' });
    for (let at = 0; at < text.length; at++) {
      const changed = text.slice(0, at) + (text[at] === 'a' ? 'b' : 'a') + text.slice(at + 1);
      expect(readKey(changed)).toBeUndefined();
    }
  });

  const principal = {
    id: 'x',
    kind: 'agent',
    tenant: 't',
    roles: ['agent'],
    environments: ['eu'],
    scopes: ['agent:*'],
  } as const;
  it('a token carries the whole principal, by a shared secret or by Ed25519', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const secret = new Uint8Array(32).fill(1);
    for (const [sign, verify] of [[secret, secret] as const, [privateKey, publicKey] as const]) {
      const bearer = await mintServiceToken(principal, 'audit', sign);
      expect(await serviceTokenAuthenticator(['registry', 'audit'], verify).authenticate({ bearer })).toEqual(
        principal,
      );
    }
  });

  it('other credentials are left to other authenticators', async () => {
    const authenticator = serviceTokenAuthenticator('audit', new Uint8Array(32));
    expect(await authenticator.authenticate({ bearer: 'dsem_user_x' })).toBeUndefined();
    expect(await authenticator.authenticate({})).toBeUndefined();
  });
});
