// From the start of a service's process to its first "ready" on /health/ready, against `node -e 0`: the first is what a
// deployment waits for, the second what Node itself costs. The first, untimed run prepares the database.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { server } from '@dsem/testkit';
import { compare, printMachine } from './measure.mjs';

const root = join(import.meta.dirname, '..', '..');
const main = join(root, 'apps', 'registry', 'dist', 'main.js');

const freePort = async () => {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
};

const isReady = async (port) => {
  try {
    return (await fetch(`http://127.0.0.1:${port}/health/ready`)).ok;
  } catch {
    return false;
  }
};

const start = (port, databaseUrl) =>
  spawn(process.execPath, [main], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: String(port),
      DATABASE_URL: databaseUrl,
      DSEM_TOKEN_KEY: Buffer.alloc(32, 1).toString('base64'),
      LOG_LEVEL: 'error',
    },
  });

const end = async (child) => {
  if (child.exitCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
};

/** Starts the service, waits until it is ready, and leaves ending it to `children`, outside of the measured time. */
const children = [];
const untilReady = async (port, databaseUrl) => {
  const child = start(port, databaseUrl);
  children.push(child);
  while (!(await isReady(port))) {
    assert.equal(child.exitCode, null, 'the service ended instead of getting ready');
    await sleep(2);
  }
};

const bareNode = async () => {
  const [code] = await once(spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }), 'exit');
  assert.equal(code, 0);
};

const postgresql = await server('postgresql', { own: true });
const { url } = await postgresql.createDatabase();
printMachine();

const service = async () => untilReady(await freePort(), url);
const settle = async () => Promise.all(children.splice(0).map(end));
await compare(
  'service start',
  'registry on a prepared database',
  { registry: service, 'node -e 0': bareNode },
  {
    usual: 9,
    after: settle,
  },
);
await postgresql.stop();
process.exit(0);
