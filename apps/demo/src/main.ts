import { mkdtempSync } from 'node:fs';
import { chmod, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createLogger } from '@dsem/service-host';
import { startStandalone } from '@dsem/standalone';
import { tellStory } from './story.js';

const usage = `npm run demo [-- --keep] [-- --verbose]
  --keep      leave the server with its data on http://127.0.0.1:8080 until Ctrl-C
  --verbose   show the services' log lines`;

const { values } = parseArgs({
  options: { keep: { type: 'boolean' }, verbose: { type: 'boolean' }, help: { type: 'boolean' } },
});
if (values.help === true) {
  process.stdout.write(`${usage}\n`);
  process.exit(0);
}

const started = performance.now();
const dataDir = mkdtempSync(join(tmpdir(), 'dsem-demo-'));
await chmod(dataDir, 0o711);
const logger = createLogger({ name: 'dsem-demo', level: values.verbose === true ? 'info' : 'error' });
const port = values.keep === true ? 8080 : 0;
const standalone = await startStandalone({ dataDir, port, logger, agentHeartbeatMs: 1000, durability: 'none' });
const seconds = (): string => ((performance.now() - started) / 1000).toFixed(1);
process.stdout.write(`Distributed Schema Evolution Manager: the whole route on an embedded PostgreSQL 18\n`);
process.stdout.write(`Server ${standalone.url}, data ${dataDir}, ready after ${seconds()} s\n`);

const end = async (code: number): Promise<never> => {
  await standalone.close();
  await rm(dataDir, { recursive: true, force: true });
  process.exit(code);
};
process.once('SIGINT', () => void end(130));
process.once('SIGTERM', () => void end(143));

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
  process.stdout.write(`\nThe demo failed: ${error instanceof Error ? error.message : String(error)}\n`);
  if (values.verbose === true) process.stderr.write(`${error instanceof Error ? (error.stack ?? '') : ''}\n`);
  await end(1);
}
