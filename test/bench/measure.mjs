// Runs variants of the same work side by side and reports ratios. Absolute times on a shared machine say little; the
// ratio of two runs a moment apart says more, and the interval over repetitions says how much.
import { cpus, loadavg, totalmem } from 'node:os';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    repetitions: { type: 'string' },
    tables: { type: 'string' },
    peers: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
  strict: true,
});

/** Repetitions asked for on the command line, or the benchmark's own number. */
export const repetitions = (usual) => {
  const number = Number(values.repetitions ?? usual);
  if (!Number.isInteger(number) || number < 3) throw new Error('--repetitions wants a number from 3');
  return number;
};

/** Sizes asked for on the command line (`--tables 1000,10000`), or the benchmark's own. */
export const tableCounts = (usual) => {
  const counts = (values.tables ?? usual).split(',').map(Number);
  if (!counts.every((count) => Number.isInteger(count) && count > 0)) throw new Error('--tables wants numbers from 1');
  return counts;
};

/** Other tools asked for on the command line (`--peers a,b`). */
export const peersAsked = (known) => {
  const names = values.peers?.split(',') ?? [];
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`--peers knows ${known.join(', ')}, not ${unknown}`);
  return names;
};

/** A figure that is no ratio of times. */
export const printFigure = (name, figure) =>
  console.log(values.json ? JSON.stringify({ name, figure }) : `  ${name.padEnd(44)} ${figure}`);

export const median = (numbers) => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/** 95 % interval of the median by resampling; the generator is seeded, so the same times give the same interval. */
const interval = (numbers) => {
  let seed = 1;
  const below = (n) => Math.floor(((seed = (seed * 16807) % 2147483647) / 2147483647) * n);
  const medians = Array.from({ length: 2000 }, () => median(numbers.map(() => numbers[below(numbers.length)])));
  medians.sort((a, b) => a - b);
  return [medians[50], medians[1949]];
};

const timed = async (work) => {
  const start = performance.now();
  await work();
  return performance.now() - start;
};

/** Runs every variant once per repetition, each time beginning with another one. */
const measure = async (variants, count, after) => {
  const names = Object.keys(variants);
  const times = Object.fromEntries(names.map((name) => [name, []]));
  for (let i = 0; i < count; i += 1) {
    for (let k = 0; k < names.length; k += 1) {
      const name = names[(i + k) % names.length];
      times[name].push(await timed(() => variants[name](i)));
      await after();
    }
  }
  return times;
};

export const rounded = (number) => Number(number.toPrecision(3));

const report = (title, work, times) => {
  const [ours, ...others] = Object.keys(times);
  const medians = Object.fromEntries(Object.entries(times).map(([name, each]) => [name, rounded(median(each))]));
  const ratios = others.map((other) => {
    const paired = times[ours].map((time, i) => time / times[other][i]);
    return { of: ours, to: other, ratio: rounded(median(paired)), interval: interval(paired).map(rounded) };
  });
  return { title, work, repetitions: times[ours].length, medianMs: medians, ratios };
};

const print = ({ title, work, repetitions: count, medianMs, ratios }) => {
  console.log(`\n${title}: ${work}, ${count} repetitions`);
  for (const [name, ms] of Object.entries(medianMs)) console.log(`  ${name.padEnd(28)} ${String(ms).padStart(9)} ms`);
  for (const {
    of,
    to,
    ratio,
    interval: [low, high],
  } of ratios)
    console.log(`  ${`${of} / ${to}`.padEnd(44)} ${ratio} x  [${low}, ${high}]`);
};

const nothing = async () => undefined;

/**
 * Times `variants` (name → work, ours first), after one untimed run of each, and prints ours as a ratio to the others.
 * `after` cleans up behind each run, untimed.
 */
export const compare = async (title, work, variants, { usual = 15, after = nothing } = {}) => {
  for (const run of Object.values(variants)) {
    await run(-1);
    await after();
  }
  const result = report(title, work, await measure(variants, repetitions(usual), after));
  if (values.json) console.log(JSON.stringify(result));
  else print(result);
  return result;
};

/** Says on what the figures were made. */
export const printMachine = () => {
  if (values.json) return;
  const load = loadavg()[0].toFixed(1);
  console.log(
    `Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GiB, load ${load}`,
  );
};
