import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { packagedBinaries, startEmbeddedPostgres, type EmbeddedOptions, type EmbeddedPostgres } from './index.js';
import { alive, startOf } from './processes.js';

const folder = mkdtempSync(join(tmpdir(), 'dsem-embedded-'));
chmodSync(folder, 0o711);
const lock = join(folder, 'lock');
const running: EmbeddedPostgres[] = [];

const start = async (options: Partial<EmbeddedOptions> = {}): Promise<EmbeddedPostgres> => {
  const server = await startEmbeddedPostgres({ folder, durability: 'none', ...options });
  running.push(server);
  return server;
};

const surviving = (client: pg.Client): pg.Client => client.on('error', () => undefined);

const one = async (url: string): Promise<unknown> => {
  const client = surviving(new pg.Client({ connectionString: url }));
  await client.connect();
  try {
    return (await client.query<{ one: number }>('SELECT 1 AS one')).rows[0]?.one;
  } finally {
    await client.end();
  }
};

const postmaster = (): number => Number(readFileSync(join(folder, 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);

/** Above what the kernel gives by default on a small machine, and within its largest. */
const lastPid = 4_194_303;

const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await holds())) await sleep(50);
};

(packagedBinaries() === undefined ? describe.skip : describe)('the embedded PostgreSQL', () => {
  afterEach(async () => {
    for (const server of running.splice(0)) await server.stop();
    expect(existsSync(lock)).toBe(false);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('refuses a folder whose process lives, names it, and leaves its server alone', async () => {
    const first = await start();
    const before = postmaster();
    await expect(start()).rejects.toMatchObject({
      code: 'DSEM-1017',
      pid: process.pid,
      message: expect.stringContaining(`process ${process.pid} keeps its database in ${folder}`) as string,
    });
    expect(postmaster()).toBe(before);
    expect(await one(first.url())).toBe(1);
  });

  it.each([
    ['is gone', () => `${lastPid}\n1\n`],
    ['has given its id to another', () => `${process.ppid}\n1\n`],
    ['was cut off while it wrote', () => ''],
  ])('takes a folder over whose process %s', async (_, text) => {
    writeFileSync(lock, text());
    const server = await start();
    expect(readFileSync(lock, 'utf8')).toBe(`${process.pid}\n${await startOf(process.pid)}\n`);
    expect(await one(server.url())).toBe(1);
  });

  it('refuses the folder of another process that lives, until that has ended', async () => {
    const other = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' });
    writeFileSync(lock, `${other.pid}\n${await startOf(other.pid ?? 0)}\n`);
    await expect(start()).rejects.toMatchObject({ code: 'DSEM-1017', pid: other.pid });
    const ended = new Promise((resolve) => other.once('exit', resolve));
    other.kill('SIGKILL');
    await ended;
    expect(await one((await start()).url())).toBe(1);
  });

  it.each(['SIGKILL', 'SIGINT'] as const)('starts again on the same port when %s ends it', async (signal) => {
    const ends: string[] = [];
    const server = await start({ onEnded: (what) => ends.push(what) });
    const before = postmaster();
    process.kill(before, signal);
    await until(() => !alive(before));
    await until(() => one(server.url()).then(Boolean, () => false));
    expect(postmaster()).not.toBe(before);
    expect(ends).toHaveLength(1);
    await server.stop();
    expect(existsSync(join(folder, 'data', 'postmaster.pid'))).toBe(false);
  });

  it('is told lost when it cannot be started again', async () => {
    const lost: Error[] = [];
    await start({ onLost: (error) => lost.push(error) });
    const settings = join(folder, 'data', 'postgresql.conf');
    const text = readFileSync(settings, 'utf8');
    writeFileSync(settings, 'no_such_setting = 1\n');
    process.kill(postmaster(), 'SIGKILL');
    await until(() => lost.length > 0);
    writeFileSync(settings, text);
    expect(lost[0]?.message).toMatch(/did not start:[^]*no_such_setting/);
  });
});
