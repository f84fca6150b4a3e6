import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'dsem-start-'));
// The embedded PostgreSQL runs as a user of its own where ours is root.
chmodSync(folder, 0o755);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const npm = (args: readonly string[], env: Record<string, string> = {}): ChildProcess =>
  spawn('npm', args, {
    cwd: root,
    env: { ...process.env, DSEM_DATA_DIR: folder, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });

/** As a service manager ends npm alone, and as Ctrl-C at a terminal reaches npm and everything that it started. */
const end = (started: ChildProcess, signal: 'SIGTERM' | 'SIGINT' = 'SIGTERM'): boolean =>
  signal === 'SIGTERM' ? started.kill(signal) : process.kill(-(started.pid ?? NaN), signal);

/** The pipes close when the last process that was given them has ended, so this outlasts npm and its shell. */
const allEnded = (started: ChildProcess): Promise<unknown> => new Promise((resolve) => started.once('close', resolve));

/** What it said up to these words. */
const said = (started: ChildProcess, words: RegExp): Promise<string> =>
  new Promise((resolve, reject) => {
    let text = '';
    for (const stream of [started.stdout, started.stderr])
      stream?.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        if (words.test(text)) resolve(text);
      });
    started.once('close', () => reject(new Error(text)));
  });

const mentions = (words: string): boolean => spawnSync('ps', ['-eo', 'args']).stdout.toString().includes(words);

/** Resolves when no process is left that was started with these words, PostgreSQL being the last. */
const noneLeft = async (words: string): Promise<void> => {
  for (let left = 200; left > 0 && mentions(words); left--) await sleep(50);
  expect(mentions(words)).toBe(false);
};

/** Each builds first, which takes its time in a work tree that was never built. */
describe('npm', () => {
  it('start ends with the exit code of the server', async () => {
    const server = npm(['start'], { PORT: 'none' });
    server.stdout?.resume();
    server.stderr?.resume();
    expect(await allEnded(server)).toBe(78);
  }, 600_000);

  it.each([
    ['start', 'SIGTERM'],
    ['run dev', 'SIGTERM'],
    ['run dev', 'SIGINT'],
  ] as const)(
    '%s leaves no server behind when npm is ended by %s',
    async (script, signal) => {
      const server = npm(script.split(' '), { PORT: '0' });
      const ended = allEnded(server);
      await said(server, /listens on/);
      expect(mentions(join(folder, 'pg', 'data'))).toBe(true);
      expect(end(server, signal)).toBe(true);
      await ended;
      await noneLeft(folder);
    },
    600_000,
  );

  const demos = (): readonly string[] => readdirSync(folder).filter((name) => name.startsWith('dsem-demo-'));
  const startsItsServer = async (): Promise<void> => {
    while (!demos().some((name) => existsSync(join(folder, name, 'pg', 'data')))) await sleep(20);
  };

  it.each([
    ['while it makes its server', startsItsServer],
    ['in the middle', (demo: ChildProcess) => said(demo, /Define and register/)],
  ])(
    'run demo leaves nothing behind when npm is ended %s',
    async (_, until) => {
      const demo = npm(['run', 'demo'], { TMPDIR: folder });
      demo.stdout?.resume();
      demo.stderr?.resume();
      const ended = allEnded(demo);
      await until(demo);
      expect(end(demo)).toBe(true);
      await ended;
      await noneLeft(folder);
      expect(demos()).toEqual([]);
    },
    600_000,
  );

  it('run migrate ends when npm is ended while it waits for the database', async () => {
    const silent = createServer();
    const asked = new Promise((resolve) => silent.once('connection', resolve));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    const migrate = npm(['run', 'migrate'], { DATABASE_URL: `postgresql://a:b@127.0.0.1:${port}/c` });
    migrate.stdout?.resume();
    migrate.stderr?.resume();
    const ended = allEnded(migrate);
    await asked;
    expect(end(migrate)).toBe(true);
    await ended;
    silent.close();
  }, 600_000);
});
