// How many times a cold plan waits for the server. Counted: how often it speaks after it was spoken to. Timed: the same
// plan over a wire that holds everything back for 5 ms in each direction, and over one that does not.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { server } from '@dsem/testkit';
import { compare, printFigure, printMachine, rounded, tableCounts } from './measure.mjs';
import { databaseOf, definitions, dsem, run } from './tables.mjs';

const each = 5;

/** Sends on in order what comes, `delay` ms later. */
const hold = (from, to, delay, heard) => {
  from.on('data', (bytes) => {
    heard();
    setTimeout(() => to.write(bytes), delay);
  });
  from.on('end', () => setTimeout(() => to.end(), delay));
  from.on('error', () => to.destroy());
};

/** Times that the plan began to speak. */
let turns = 0;

const wire = async (url, delay) => {
  const target = new URL(url);
  const host = { host: target.hostname, port: Number(target.port) };
  const proxy = createServer({ noDelay: true, allowHalfOpen: true }, (near) => {
    const far = connect({ ...host, noDelay: true, allowHalfOpen: true });
    let speaks = false;
    hold(near, far, delay, () => {
      if (!speaks) turns += 1;
      speaks = true;
    });
    hold(far, near, delay, () => (speaks = false));
  });
  await new Promise((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  target.hostname = '127.0.0.1';
  target.port = String(proxy.address().port);
  return target.href;
};

const [count] = tableCounts('100');
const folder = mkdtempSync(join(tmpdir(), 'dsem-bench-'));
const postgresql = await server('postgresql', { own: true });
const url = await databaseOf(postgresql, count);
const file = join(folder, 'desired.sql');
writeFileSync(file, definitions(count).join(''));
const planOver = async (delay) => {
  const over = await wire(url, delay);
  return () => run(process.execPath, [dsem, 'plan', '--from', over, '--to', file]);
};

printMachine();
turns = 0;
await (
  await planOver(0)
)();
printFigure('round trips, counted', turns);
const variants = { 'with 10 ms': await planOver(each), without: await planOver(0) };
const { medianMs } = await compare('cold no-op plan', `${count} tables`, variants, { usual: 15 });
printFigure('round trips, timed', rounded((medianMs['with 10 ms'] - medianMs.without) / (2 * each)));
await postgresql.stop();
rmSync(folder, { recursive: true });
process.exit(0);
