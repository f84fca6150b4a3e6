import { connect, createServer, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describeWithServer, server } from '@dsem/testkit';
import { createLogger } from './logging.js';
import { startFailureOf } from './run-main.js';
import { waitForBrokers, waitForDatabase } from './wait-for.js';

const heard = () => {
  const lines: string[] = [];
  const logger = createLogger({ name: 'spec', destination: { write: (line) => void lines.push(line) } });
  return { lines, logger };
};

const listening = (door: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    door.once('error', reject).listen(port, '127.0.0.1', () => resolve((door.address() as { port: number }).port));
  });

/** A port where nobody listens, until `open` leads it to a server. */
const closedDoor = async (host: string, port: number) => {
  const door = createServer((socket) => {
    const inner = connect({ host, port });
    for (const each of [socket, inner]) each.on('error', () => each.destroy());
    socket.pipe(inner).pipe(socket);
  });
  const own = await listening(door, 0);
  await new Promise((resolve) => door.close(resolve));
  return {
    port: own,
    open: () => listening(door, own),
    close: () => new Promise((resolve) => door.close(resolve)),
  };
};

const told = (lines: readonly string[]): unknown[] =>
  lines.map((line) => (JSON.parse(line) as { msg: string }).msg.replace(/^(the )?(\w+) .*/, '$2'));

describe('a start whose stores stay away', () => {
  it('ends with a code, the address and what to do, and has told of its tries', async () => {
    const { lines, logger } = heard();
    const kafka = { clientId: 'spec', brokers: ['127.0.0.1:1', '127.0.0.1:2'] };
    const failure = await waitForBrokers(kafka, { seconds: 1, logger }).catch((error: unknown) => error);
    expect(startFailureOf(failure)).toMatch(
      /^DSEM-9007 The message bus could not be reached: no broker of 127\.0\.0\.1:1, 127\.0\.0\.1:2 answered within 1 seconds: .*ECONNREFUSED.* Start the brokers/,
    );
    expect(new Set(told(lines))).toEqual(new Set(['Kafka']));
  });

  it('says the same of a database, without its password', async () => {
    const { lines, logger } = heard();
    const url = 'postgresql://a:hunter2@127.0.0.1:1/x';
    const failure = await waitForDatabase(url, { seconds: 1, logger }).catch((error: unknown) => error);
    expect(startFailureOf(failure)).toMatch(
      /^DSEM-3001 .*: 127\.0\.0\.1:1 did not answer within 1 seconds: .*ECONNREFUSED/,
    );
    expect(new Set(told(lines))).toEqual(new Set(['database']));
    expect(lines.join('')).not.toContain('hunter2');
  });
});

describeWithServer('postgresql', 'a start before its database', () => {
  it('waits until it answers', async () => {
    const { lines, logger } = heard();
    const url = new URL((await server('postgresql')).url);
    const door = await closedDoor(url.hostname, Number(url.port));
    url.port = String(door.port);
    const [waited] = await Promise.all([
      waitForDatabase(url.href, { seconds: 30, logger }).then(() => 'answered'),
      sleep(700).then(door.open),
    ]);
    expect([waited, told(lines)[0]]).toEqual(['answered', 'database']);
    await door.close();
  });

  it('does not wait where waiting changes nothing', async () => {
    const { lines, logger } = heard();
    const url = new URL((await server('postgresql')).url);
    url.pathname = '/there_is_no_such_database';
    await expect(waitForDatabase(url.href, { seconds: 30, logger })).rejects.toMatchObject({ code: '3D000' });
    expect(lines).toEqual([]);
  });
});

describeWithServer('kafka', 'a start before its brokers', () => {
  it('waits until one answers', async () => {
    const { lines, logger } = heard();
    const [host = '', port = ''] = (await server('kafka')).brokers[0]?.split(':') ?? [];
    const door = await closedDoor(host, Number(port));
    const kafka = { clientId: 'spec', brokers: [`127.0.0.1:${door.port}`] };
    const [waited] = await Promise.all([
      waitForBrokers(kafka, { seconds: 30, logger }).then(() => 'answered'),
      sleep(700).then(door.open),
    ]);
    expect([waited, told(lines)[0]]).toEqual(['answered', 'Kafka']);
    await door.close();
  });
});
