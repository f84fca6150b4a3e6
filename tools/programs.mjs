// Runs the programs of npm scripts: a signal to us, or to the npm that started us, ends them, and their exit code is ours.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

export const tsc = join(createRequire(import.meta.url).resolve('typescript/package.json'), '..', 'bin', 'tsc');
export const standalone = ['--import', '@dsem/service-host/otel', join(root, 'apps/standalone/dist/main.js')];

const running = new Set();
let asked;
const end = (signal) => {
  asked ??= signal;
  for (const program of running) program.kill(signal);
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

/** Runs a program of Node; resolves to its exit code. */
export const run = (args) =>
  new Promise((resolve, reject) => {
    const program = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });
    running.add(program);
    program.once('error', reject);
    program.once('exit', (code, signal) => {
      running.delete(program);
      resolve(codeOf(code, signal));
    });
  });

/** Compiles what changed; ends this process where that fails, or where somebody asked for the end meanwhile. */
export const build = async () => {
  const built = await run([tsc, '-b']);
  if (built !== 0 || asked !== undefined) process.exit(built === 0 ? codeOf(null, asked) : built);
};

/** Runs programs that belong together until the first of them ends, and then ends the others; the code of the first. */
export const runTogether = async (programs) => {
  const all = programs.map(run);
  const first = await Promise.race(all);
  end('SIGTERM');
  await Promise.all(all);
  return first;
};
