// Runs Jest on the project's own Node 24 with the flag that lets CommonJS specs load ESM-only packages.
// Called in a package's folder it runs that package's specs only.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';

const root = join(import.meta.dirname, '..');
const here = relative(root, process.cwd());
const jest = join(createRequire(import.meta.url).resolve('jest/package.json'), '..', 'bin', 'jest.js');
const args = process.argv.slice(2);
const scope = here === '' || here.startsWith('..') ? [] : [`^${root}/${here}/`];
const flags = [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  '--disable-warning=TimeoutNegativeWarning',
];
const run = spawnSync(
  process.execPath,
  [...flags, jest, '--config', join(root, 'jest.config.mjs'), ...scope, ...args],
  {
    stdio: 'inherit',
    cwd: root,
    env: { ...process.env, KAFKAJS_NO_PARTITIONER_WARNING: '1' },
  },
);
process.exit(run.status ?? 1);
