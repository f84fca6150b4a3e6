// What a call of the command line costs beside Node itself: `dsem --version` and a small offline `dsem diff`, against
// `node -e 0`.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compare, printMachine } from './measure.mjs';
import { dsem, run } from './tables.mjs';

const folder = mkdtempSync(join(tmpdir(), 'dsem-bench-'));
const file = (name, text) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const from = file('from.sql', 'CREATE TABLE public.t (id integer PRIMARY KEY, name text);');
const to = file('to.sql', 'CREATE TABLE public.t (id integer PRIMARY KEY, name text, note text);');
const node = (...args) =>
  run(process.execPath, args).catch((error) => (error.code === 2 ? error : Promise.reject(error)));

printMachine();
const floor = { 'node -e 0': () => node('-e', '0') };
await compare('start', 'nothing to do', { 'dsem --version': () => node(dsem, '--version'), ...floor });
const diff = () => node(dsem, 'diff', '--engine', 'postgresql', '--from', from, '--to', to);
await compare('start', 'a small offline diff', { 'dsem diff': diff, ...floor });
rmSync(folder, { recursive: true });
