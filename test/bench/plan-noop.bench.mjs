// A cold `dsem plan` that finds nothing to do, against `pg_dump -s` of the same database: both read the whole catalogue
// once and print; the plan also parses the desired state, compares and plans. `--tables 1000,10000` says how many tables;
// from two sizes on, the growth and the memory of a table are told too. `--peers psqldef,pg-schema-diff,migra` runs
// those on the same work: each has to be on the PATH, and to find nothing to do.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compare, peersAsked, printFigure, printMachine, rounded, tableCounts } from './measure.mjs';
import { databaseOf, definitions, dsem, run, serverOfDump } from './tables.mjs';

const folder = mkdtempSync(join(tmpdir(), 'dsem-bench-'));
const postgresql = await serverOfDump();

const planner = (url, file) => {
  const version = ['--engine-version', String(postgresql.major)];
  return (...more) => run(process.execPath, [dsem, 'plan', '--from', url, '--to', file, ...version, ...more]);
};

/** The plan is empty, and is not blind. */
const check = async (plan, dump, file, count) => {
  const definition = definitions(count).join('');
  writeFileSync(file, definition.replace('note text', 'note varchar(10)'));
  assert.equal(JSON.parse((await plan('-o', 'json')).stdout).changes.length, 1, 'one changed column must be seen');
  writeFileSync(file, definition);
  const noop = JSON.parse((await plan('-o', 'json')).stdout);
  assert.deepEqual(noop.steps, [], 'the plan must be empty');
  assert.equal(noop.from.digest, noop.to.digest);
  assert.equal([...(await dump()).stdout.matchAll(/^CREATE TABLE /gm)].length, count);
};

/** Peers that take the desired state as a file, or as a second database. */
const peers = {
  psqldef: async (url, file) => {
    const { hostname, port, username, password, pathname } = new URL(url);
    const args = ['-h', hostname, '-p', port, '-U', username, '--dry-run', '-f', file, pathname.slice(1)];
    return () => run('psqldef', args, { env: { ...process.env, PGPASSWORD: password, PGSSLMODE: 'disable' } });
  },
  'pg-schema-diff': async (url, _, count) => {
    const to = mkdtempSync(join(folder, 'to-'));
    writeFileSync(join(to, 'desired.sql'), definitions(count).join(''));
    const dsn = `${url}?sslmode=disable`;
    return () => run('pg-schema-diff', ['plan', '--disable-plan-validation', '--from-dsn', dsn, '--to-dir', to]);
  },
  migra: async (url, _, count) => {
    const other = await databaseOf(postgresql, count);
    const at = (one) => one.replace(/^postgres(ql)?:/, 'postgresql:');
    return () => run('migra', [at(url), at(other)]);
  },
};

const isNothing = (output) => /^\s*$|nothing is modified|matches expected/i.test(output.replaceAll(/^--.*$/gm, ''));

/** What keeps a peer from being measured. */
const reasonOf = async (work) => {
  try {
    const { stdout } = await work();
    return isNothing(stdout) ? undefined : `it finds something to do: ${stdout.slice(0, 200)}`;
  } catch (error) {
    return `it fails: ${(error.stderr || error.message).slice(-200)}`;
  }
};

const peerRuns = async (url, file, count) => {
  const runs = {};
  for (const name of peersAsked(Object.keys(peers))) {
    const work = await peers[name](url, file, count);
    const reason = await reasonOf(work);
    if (reason === undefined) runs[name] = work;
    else printFigure(`${name} is left out`, reason);
  }
  return runs;
};

/** Highest memory of one plan, in KB. */
const memoryOf = async (url, file) => {
  const tell = `data:text/javascript,process.on('exit',()=>console.error('RSS',process.resourceUsage().maxRSS))`;
  const version = ['--engine-version', String(postgresql.major)];
  const args = ['--import', tell, dsem, 'plan', '--from', url, '--to', file, ...version];
  return Number(/RSS (\d+)/.exec((await run(process.execPath, args)).stderr)[1]);
};

const measured = [];
printMachine();
for (const count of tableCounts('1000')) {
  const url = await databaseOf(postgresql, count);
  const file = join(folder, `${count}.sql`);
  const [plan, dump] = [planner(url, file), () => run('pg_dump', ['-s', url])];
  await check(plan, dump, file, count);
  const variants = { 'dsem plan': () => plan(), 'pg_dump -s': dump, ...(await peerRuns(url, file, count)) };
  const { medianMs } = await compare('cold no-op plan', `${count} tables`, variants, { usual: 7 });
  measured.push({ count, ms: medianMs['dsem plan'], rss: await memoryOf(url, file) });
}
const [small, large] = [measured[0], measured.at(-1)];
if (small.count !== large.count) {
  const times = large.count / small.count;
  printFigure('growth exponent', rounded(Math.log(large.ms / small.ms) / Math.log(times)));
  printFigure('memory of a table', `${rounded((large.rss - small.rss) / (large.count - small.count))} KB`);
  printFigure(`highest memory at ${large.count} tables`, `${rounded(large.rss / 1024)} MB`);
}
await postgresql.stop();
rmSync(folder, { recursive: true });
process.exit(0);
