import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The work tree. */
export const root = resolve(__dirname, '../../..');

/** Where the run keeps what has to end with it. */
export const runFolder = (): string => (process.env['DSEM_TEST_RUN'] ??= mkdtempSync(join(tmpdir(), 'dsem-run-')));

const apps = ['standalone', 'gateway', 'registry', 'validator', 'orchestrator', 'audit', 'environment-agent'];

/** The compiled main file of an app. */
export const mainOf = (app: string): string => join(root, 'apps', app, 'dist', 'main.js');

const compile = (): void => {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const projects = apps.map((app) => join(root, 'apps', app));
  const { status, stdout } = spawnSync(process.execPath, [tsc, '-b', ...projects], { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(`the build failed:\n${stdout}`);
};

/** Brings the compiled programs to the sources' state, once per run, however many workers ask. */
export const build = async (): Promise<void> => {
  const done = join(runFolder(), 'built');
  const lock = join(runFolder(), 'build.lock');
  while (!existsSync(done)) {
    try {
      mkdirSync(lock);
    } catch {
      await sleep(200);
      continue;
    }
    try {
      if (!existsSync(done)) compile();
      writeFileSync(done, '');
    } finally {
      rmdirSync(lock);
    }
  }
};
