import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'dsem-start-'));
// The embedded PostgreSQL runs as a user of its own where ours is root.
chmodSync(folder, 0o755);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const start = (port: string): ChildProcess =>
  spawn('npm', ['start'], {
    cwd: root,
    env: { ...process.env, PORT: port, DSEM_DATA_DIR: folder },
    stdio: ['ignore', 'ignore', 'pipe'],
  });

/** The pipe closes when the last process that was given it has ended, so this outlasts npm and its shell. */
const allEnded = (npm: ChildProcess): Promise<unknown> => new Promise((resolve) => npm.once('close', resolve));

const said = (npm: ChildProcess, words: string): Promise<void> =>
  new Promise((resolve, reject) => {
    let text = '';
    npm.stderr?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes(words)) resolve();
    });
    npm.once('close', () => reject(new Error(text)));
  });

/** `npm start` builds first, which takes its time in a work tree that was never built. */
describe('npm start', () => {
  it('ends with the exit code of the server', async () => {
    const npm = start('none');
    npm.stderr?.resume();
    expect(await allEnded(npm)).toBe(78);
  }, 600_000);

  it('leaves no server behind when npm is ended', async () => {
    const npm = start('0');
    const ended = allEnded(npm);
    await said(npm, 'listens on');
    expect(npm.kill('SIGTERM')).toBe(true);
    await ended;
  }, 600_000);
});
