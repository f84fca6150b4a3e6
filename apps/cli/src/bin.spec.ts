import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { version } from './version.js';

const app = join(import.meta.dirname, '..');
const bin = join(app, 'bin', 'dsem.js');

const launch = (args: readonly string[], input = '', flags: readonly string[] = []) =>
  spawnSync(process.execPath, [...flags, bin, ...args], { encoding: 'utf8', input, env: { NO_COLOR: '1' } });

/** The launcher loads the built program; a work tree that was never built is built here. */
beforeAll(() => {
  if (existsSync(join(app, 'dist', 'main.js'))) return;
  const tsc = join(app, '..', '..', 'node_modules', 'typescript', 'bin', 'tsc');
  spawnSync(process.execPath, [tsc, '-b', app], { stdio: 'inherit' });
}, 300_000);

describe('the program as a process', () => {
  it.each([
    [['--version'], 0, version, ''],
    [['version'], 0, version, ''],
    [['help', 'exit-codes'], 0, 'Interrupted', ''],
    [['diff', '--from', 'empty', '--to', '-', '--engine', 'postgresql'], 2, 'create table public.t', ''],
    [['inspect', 'missing.sql'], 1, '', 'DSEM-4001'],
    [['frobnicate'], 64, '', 'DSEM-1015'],
    [['status', '--endpoint', 'http://127.0.0.1:2', '--timeout', '5'], 6, '', 'DSEM-9003'],
  ])('%j ends with %i', (args, code, out, err) => {
    const ended = launch(args, 'CREATE TABLE t (a int);');
    expect(ended.status).toBe(code);
    expect(ended.stdout).toContain(out);
    expect(ended.stderr).toContain(err);
    expect(ended[code === 0 || code === 2 ? 'stderr' : 'stdout']).toBe('');
  });

  it('says what to do on a Node.js that is too old, before it loads anything', () => {
    const old = "Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.19.0'}})";
    const ended = launch(['inspect', 'x'], '', ['--import', `data:text/javascript,${encodeURIComponent(old)}`]);
    expect([ended.status, ended.stdout]).toEqual([1, '']);
    expect(ended.stderr).toMatch(/needs Node\.js 22\.15 or newer; this is 20\.19\.0[^]*Fix: /u);
  });

  it('asks for nothing by name that an old Node.js does not have, which would be a syntax error', () => {
    const named = [...readFileSync(bin, 'utf8').matchAll(/import \{([^}]*)\} from 'node:/gu)].flatMap(
      ([, names = '']) => names.split(',').map((name) => name.trim()),
    );
    const since18 = ['readFileSync', 'statSync', 'homedir', 'dirname', 'join', 'fileURLToPath'];
    expect(named.filter((name) => !since18.includes(name))).toEqual([]);
  });

  it('ends with 130 when it is interrupted', async () => {
    const child = spawn(process.execPath, [bin, 'batch'], { stdio: ['pipe', 'pipe', 'inherit'] });
    const request = JSON.stringify({ id: 1, verb: 'inspect', engine: 'postgresql', state: '' });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.stdout.once('data', () => child.kill('SIGINT'));
    child.stdin.write(`${request}\n`);
    expect(await ended).toBe(130);
  });

  it('is quiet when its reader goes away', async () => {
    const child = spawn(process.execPath, [bin, 'batch'], { stdio: ['pipe', 'pipe', 'pipe'] });
    let err = '';
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const request = JSON.stringify({ id: 1, verb: 'inspect', engine: 'postgresql', state: '' });
    child.stdin.on('error', () => undefined);
    child.stdout.once('data', () => {
      child.stdout.destroy();
      child.stdin.end(`${request}\n`.repeat(100));
    });
    child.stdin.write(`${request}\n`);
    await ended;
    expect(err).toBe('');
  });
});
