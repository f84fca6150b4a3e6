import { mkdtempSync, rmSync } from 'node:fs';
import { chmod, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createLogger, startFailureOf } from '@dsem/service-host';
import { startStandalone, type Standalone } from '@dsem/standalone';
import { tellStory } from './story.js';

const usage = `npm run demo [-- --keep] [-- --verbose]
  --keep      leave the server with its data on http://127.0.0.1:8080 until Ctrl-C
  --verbose   show the services' log lines`;

/** Ends before anything was told of the story. */
const cannotStart = (why: string): never => {
  process.stderr.write(`The demo cannot start: ${why}\n`);
  return process.exit(1);
};

const argumentsOf = () => {
  try {
    return parseArgs({
      options: { keep: { type: 'boolean' }, verbose: { type: 'boolean' }, help: { type: 'boolean' } },
    });
  } catch (error) {
    return cannotStart(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  }
};

const { values } = argumentsOf();
if (values.help === true) {
  process.stdout.write(`${usage}\n`);
  process.exit(0);
}

const up: Standalone[] = [];
let ending: Promise<never> | undefined;
const finish = async (code: number): Promise<never> => {
  for (const each of up) await each.close();
  return process.exit(code);
};
/** However often and by whom it is asked for, in the middle of a start as well. */
const end = (code: number): Promise<never> => (ending ??= finish(code));
process.on('SIGINT', () => void end(130)).on('SIGTERM', () => void end(143));

const started = performance.now();
const dataDir = mkdtempSync(join(tmpdir(), 'dsem-demo-'));
// A server that was being made may write on for a moment.
process.once('exit', () => rmSync(dataDir, { recursive: true, force: true, maxRetries: 20 }));
await chmod(dataDir, 0o711);
const logger = createLogger({ name: 'dsem-demo', level: values.verbose === true ? 'info' : 'error' });
const port = values.keep === true ? 8080 : 0;
const whenTaken = 'End what listens there, or leave out --keep: then the demo takes a port that is free.';
const standalone = await startStandalone({
  dataDir,
  port,
  logger,
  agentHeartbeatMs: 1000,
  durability: 'none',
}).catch((error: unknown) =>
  cannotStart(
    startFailureOf(error, whenTaken) ?? (error instanceof Error ? (error.stack ?? error.message) : String(error)),
  ),
);
up.push(standalone);
const seconds = (): string => ((performance.now() - started) / 1000).toFixed(1);
process.stdout.write(`Distributed Schema Evolution Manager: the whole route on an embedded PostgreSQL 18\n`);
process.stdout.write(`Server ${standalone.url}, data ${dataDir}, ready after ${seconds()} s\n`);

try {
  const key = (await readFile(standalone.administratorKeyFile, 'utf8')).trim();
  await tellStory(standalone, key);
  process.stdout.write(`\nAll stages done in ${seconds()} s.\n`);
  if (values.keep !== true) await end(0);
  process.stdout.write(
    `The server stays on ${standalone.url}; administrator key: ${standalone.administratorKeyFile}\n`,
  );
  process.stdout.write('Ctrl-C ends it and removes its data.\n');
} catch (error) {
  if (ending !== undefined) await ending;
  process.stdout.write(`\nThe demo failed: ${error instanceof Error ? error.message : String(error)}\n`);
  if (values.verbose === true) process.stderr.write(`${error instanceof Error ? (error.stack ?? '') : ''}\n`);
  await end(1);
}
