import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { faultProxy, type FaultProxy } from './faultproxy.js';

/** A server that sends back what it hears; one that says "bye" is closed by it. */
const echoServer = async (): Promise<Server> => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => (chunk.toString() === 'bye' ? socket.end() : socket.write(chunk)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
};

describe('the fault proxy', () => {
  let server: Server;
  let proxy: FaultProxy;
  const sockets: Socket[] = [];
  const open = async (): Promise<Socket & { heard: () => string }> => {
    const socket = connect({ port: proxy.port, host: '127.0.0.1' });
    sockets.push(socket);
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    return Object.assign(socket, { heard: () => Buffer.concat(chunks).toString() });
  };
  const heard = async (socket: { heard: () => string }, text: string): Promise<void> => {
    while (socket.heard() !== text) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  const quiet = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 60));

  beforeEach(async () => {
    server = await echoServer();
    proxy = await faultProxy(`127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await proxy.close();
    await new Promise((resolve) => server.close(resolve));
  });

  it('passes bytes and the farewell on, also late and in pieces', async () => {
    proxy.set({ latencyMs: 5, slice: 2 });
    const socket = await open();
    socket.write('hello');
    socket.write(' world');
    await heard(socket, 'hello world');
    const closed = once(socket, 'close');
    socket.write('bye');
    await quiet();
    proxy.set({});
    socket.write('bye');
    await closed;
  });

  it('resets open connections', async () => {
    const socket = await open();
    socket.write('hello');
    await heard(socket, 'hello');
    const failed = once(socket, 'error');
    proxy.reset();
    expect(await failed).toMatchObject([{ code: 'ECONNRESET' }]);
  });

  it.each([['toServer'], ['toClient']] as const)('lets the bytes %s vanish', async (direction) => {
    proxy.set({ blackhole: [direction] });
    const socket = await open();
    socket.write('lost');
    await quiet();
    proxy.set({});
    socket.write('found');
    await heard(socket, 'found');
  });

  it('cuts after so many bytes, and lets the next connection live', async () => {
    proxy.set({ cutAfter: { direction: 'toClient', bytes: 3 } });
    const socket = await open();
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.write('hello');
    await closed;
    expect('hello').toContain(socket.heard());
    const next = await open();
    next.write('hello');
    await heard(next, 'hello');
    expect(proxy.accepted()).toBe(2);
  });

  it('refuses new connections', async () => {
    proxy.set({ refuse: true });
    const socket = connect({ port: proxy.port, host: '127.0.0.1' });
    await expect(once(socket, 'data')).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('rewrites a URL to go through it', () => {
    expect(proxy.through('postgres://u:p@db.example:5432/x?a=b')).toBe(`postgres://u:p@127.0.0.1:${proxy.port}/x?a=b`);
  });
});
