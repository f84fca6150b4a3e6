// A diff of two states in memory of which 10 tables differ, as a service has them that keeps the last state, against a
// cold one that reads both states first. `--tables 1000,10000` says how many tables; the growth is told too.
import assert from 'node:assert/strict';
import { dialectFor } from '@dsem/catalogue';
import { diff } from '@dsem/schema';
import { compare, printFigure, printMachine, rounded, tableCounts } from './measure.mjs';
import { definitions } from './tables.mjs';

const changedTables = 10;
const dialect = dialectFor('postgresql');

const read = async (text) => (await dialect.parse([{ text }])).schema;

/** The same state with another type of one column in ten tables; all others are shared. */
const changed = (schema) => {
  const every = Math.floor(schema.tables.length / changedTables);
  const widen = (column) => (column.name === 'note' ? { ...column, type: { ...column.type, native: 'xml' } } : column);
  const tables = schema.tables.map((table, at) =>
    at % every === 0 && at < every * changedTables ? { ...table, columns: table.columns.map(widen) } : table,
  );
  return { ...schema, tables };
};

const measured = [];
printMachine();
for (const count of tableCounts('1000,10000')) {
  const text = definitions(count).join('');
  const before = await read(text);
  const after = changed(before);
  const warm = () => diff(before, after, dialect.diff);
  assert.equal(warm().length, changedTables);
  const cold = async () => diff(await read(text), await read(text), dialect.diff);
  const title = `${count} tables, ${changedTables} of them changed`;
  const { medianMs } = await compare('diff', title, { warm, cold }, { usual: 7 });
  measured.push({ count, ms: medianMs.warm });
}
const [small, large] = [measured[0], measured.at(-1)];
if (small.count !== large.count)
  printFigure('growth exponent, warm', rounded(Math.log(large.ms / small.ms) / Math.log(large.count / small.count)));
