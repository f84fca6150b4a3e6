import { mergeStates } from '@dsem/engine';
import { checkConsistency, digest, Refusal, type Schema } from '@dsem/schema';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { postgresqlDialect as dialect } from './dialect/index.js';
import { foreignCases } from './testing/live/cases/read.js';

const folder = process.env['DSEM_CASES'] ?? join(__dirname, '../../../../../shared/cases');

/** A state that can be read without a server, else nothing. */
const stateOf = async (text: string): Promise<Schema | undefined> => {
  try {
    const { schema } = await dialect.parse([{ text }]);
    checkConsistency(schema);
    return schema;
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
};

const suite = (): void => {
  const cases = foreignCases(folder);
  let read = 0;

  it.each(cases.map((each) => [each.id, each] as const))('%s', async (_id, { from, to }) => {
    const [base, other] = [await stateOf(from), await stateOf(to)];
    if (base === undefined || other === undefined) return;
    read += 1;
    for (const [one, ours, theirs, whole] of [
      [base, other, base, other],
      [base, base, other, other],
      [base, other, other, other],
      [other, base, other, base],
    ] as const) {
      const merged = mergeStates(dialect, { base: one, ours, theirs });
      expect(merged.conflicts).toEqual([]);
      expect(digest(merged.schema)).toBe(digest(whole));
    }
    const taken = mergeStates(dialect, {
      base: { ...base, tables: [], views: [] },
      ours: base,
      theirs: other,
      take: 'theirs',
    });
    expect(taken.conflicts.filter(({ choices }) => choices.includes('theirs'))).toEqual([]);
  });

  it('most of them can be read', () => expect(read).toBeGreaterThan(cases.length / 2));
};

if (existsSync(folder)) describe('merging cases of others', suite);
else {
  process.stderr.write(`SKIPPED merging cases of others: no folder ${folder} (DSEM_CASES names another)\n`);
  describe.skip('merging cases of others', () => it('needs their folder', () => undefined));
}
