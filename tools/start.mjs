// Builds, then serves: a signal to us, or to the npm that started us, ends the server, and its exit code is ours.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const tsc = join(createRequire(import.meta.url).resolve('typescript/package.json'), '..', 'bin', 'tsc');
const main = join(root, 'apps', 'standalone', 'dist', 'main.js');

let running;
let asked;
const end = (signal) => {
  asked = signal;
  running?.kill(signal);
};
process.on('SIGINT', () => end('SIGINT'));
process.on('SIGTERM', () => end('SIGTERM'));

// npm hands a signal to the shell between it and us, and that dies without a word: then its end is our signal.
if (process.env.npm_lifecycle_event !== undefined) {
  const shell = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(watch);
    end('SIGTERM');
  }, 250);
  watch.unref();
}

const codeOf = (code, signal) => code ?? 128 + (constants.signals[signal] ?? 0);
const run = (args) =>
  new Promise((resolve, reject) => {
    running = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });
    running.once('error', reject);
    running.once('exit', (code, signal) => resolve(codeOf(code, signal)));
  });

const built = await run([tsc, '-b']);
if (built !== 0 || asked !== undefined) process.exit(built === 0 ? codeOf(null, asked) : built);
process.exit(await run(['--import', '@dsem/service-host/otel', main, ...process.argv.slice(2)]));
