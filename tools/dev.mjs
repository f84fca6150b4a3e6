// Builds on every change and restarts the standalone server: two watchers, one terminal.
import { spawn, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const tsc = join(createRequire(import.meta.url).resolve('typescript/package.json'), '..', 'bin', 'tsc');
const main = join(root, 'apps', 'standalone', 'dist', 'main.js');

const first = spawnSync(process.execPath, [tsc, '-b'], { cwd: root, stdio: 'inherit' });
if (first.status !== 0) process.exit(first.status ?? 1);

const run = (args) => spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });
const watchers = [
  run([tsc, '-b', '--watch', '--preserveWatchOutput']),
  run(['--watch', '--watch-preserve-output', '--import', '@dsem/service-host/otel', main]),
];

const end = (signal) => {
  for (const watcher of watchers) watcher.kill(signal);
};
process.once('SIGINT', () => end('SIGINT'));
process.once('SIGTERM', () => end('SIGTERM'));
