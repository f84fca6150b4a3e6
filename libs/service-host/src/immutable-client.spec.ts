import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { immutableClient, type ImmutableClient, type ImmutableClientOptions } from './immutable-client.js';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const json =
  (value: unknown, status = 200): Answer =>
  (_, response) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (_, response) =>
    void response.writeHead(code, headers).end('x'.repeat(10_000));

describe('a reader of what never changes', () => {
  let server: Server;
  let baseUrl = '';
  let answers: Answer[] = [];
  let asked: { path: string; authorization: string | undefined }[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push({ path: request.url ?? '', authorization: request.headers.authorization });
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      (answer ?? status(500))(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  beforeEach(() => {
    answers = [];
    asked = [];
  });

  const client = (options: Partial<ImmutableClientOptions> = {}): ImmutableClient =>
    immutableClient({ baseUrl: () => baseUrl, bearer: () => Promise.resolve('secret'), retries: 2, ...options });
  const paths = (): string[] => asked.map(({ path }) => path);

  it('asks its owner once', async () => {
    answers = [json({ tables: [] })];
    const { get } = client();
    expect(await get('/definitions/a')).toEqual({ tables: [] });
    expect(await get('/definitions/a')).toEqual({ tables: [] });
    expect(asked).toEqual([{ path: '/definitions/a', authorization: 'Bearer secret' }]);
  });

  it('asks each time for what stands there now, and does not mix it up with what it keeps', async () => {
    answers = [json('first'), json('second'), json('third')];
    const { get, now } = client();
    expect([await now('/schemas/a'), await now('/schemas/a')]).toEqual(['first', 'second']);
    expect([await get('/schemas/a'), await get('/schemas/a')]).toEqual(['third', 'third']);
    expect(asked).toHaveLength(3);
  });

  it('asks for a fresh bearer with every request', async () => {
    answers = [json(1)];
    let count = 0;
    const { get } = client({ bearer: () => Promise.resolve(`t${(count += 1)}`) });
    await get('/a');
    await get('/b');
    expect(asked.map(({ authorization }) => authorization)).toEqual(['Bearer t1', 'Bearer t2']);
  });

  it.each([500, 503, 429, 403])('asks again after %d', async (code) => {
    answers = [status(code), json('there')];
    expect(await client().get('/a')).toBe('there');
    expect(paths()).toEqual(['/a', '/a']);
  });

  it('asks again when the connection was cut', async () => {
    answers = [(request) => void request.socket.destroy(), json('there')];
    expect(await client().get('/a')).toBe('there');
  });

  it('gives up after as many tries as it may', async () => {
    answers = [status(500)];
    await expect(client({ retries: 1 }).get('/a')).rejects.toMatchObject({ code: 'DSEM-9003' });
    expect(asked).toHaveLength(2);
  });

  it('says at once that something does not exist', async () => {
    answers = [status(404)];
    await expect(client().get('/a')).rejects.toMatchObject({ code: 'DSEM-4001' });
    expect(asked).toHaveLength(1);
  });

  it.each([400, 401])('does not ask again after %d', async (code) => {
    answers = [status(code)];
    await expect(client().get('/a')).rejects.toMatchObject({ code: 'DSEM-9003' });
    expect(asked).toHaveLength(1);
  });

  it('remembers no failure', async () => {
    answers = [status(404), json('there')];
    const { get } = client();
    await expect(get('/a')).rejects.toMatchObject({ code: 'DSEM-4001' });
    expect(await get('/a')).toBe('there');
  });

  it('follows no redirect: its bearer goes nowhere else', async () => {
    answers = [status(302, { location: `${baseUrl}/elsewhere` })];
    await expect(client({ retries: 0 }).get('/a')).rejects.toMatchObject({ code: 'DSEM-9003' });
    expect(paths()).toEqual(['/a']);
  });

  it.each(['http://127.0.0.1:1/a', '//127.0.0.1:1/a', '/\\127.0.0.1:1/a'])(
    'does not leave its owner for %s',
    async (path) => {
      answers = [json('there')];
      await expect(client({ retries: 0 }).get(path)).rejects.toMatchObject({ code: 'DSEM-9003' });
      expect(asked).toEqual([]);
    },
  );

  it('does not take for an answer what is no JSON', async () => {
    answers = [(_, response) => void response.end('<html>')];
    await expect(client({ retries: 0 }).get('/a')).rejects.toMatchObject({ code: 'DSEM-9003' });
  });

  it('names the owner, not the bearer, when nobody answers', async () => {
    const gone = client({ baseUrl: () => 'http://127.0.0.1:1', retries: 0 });
    await expect(gone.get('/a')).rejects.toMatchObject({
      code: 'DSEM-9003',
      message: '/a cannot be read from 127.0.0.1:1',
    });
  });

  it('forgets what was not used for longest when it is full', async () => {
    answers = [json('there')];
    const { get } = client({ keep: 2 });
    for (const path of ['/a', '/b', '/a', '/c']) await get(path);
    expect(paths()).toEqual(['/a', '/b', '/c']);
    await get('/a');
    expect(paths()).toEqual(['/a', '/b', '/c']);
    await get('/b');
    expect(paths()).toEqual(['/a', '/b', '/c', '/b']);
  });

  it('keeps a null that it has read', async () => {
    answers = [json(null)];
    const { get } = client();
    await get('/a');
    expect(await get('/a')).toBeNull();
    expect(asked).toHaveLength(1);
  });
});
