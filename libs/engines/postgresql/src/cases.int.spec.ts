import { describeWithServer, server, useRoles } from '@dsem/testkit';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isGood, isUncounted, judge, type Verdict } from './testing/live/cases/judge.js';
import { foreignCases } from './testing/live/cases/read.js';
import { tally } from './testing/live/cases/tally.js';

const root = join(__dirname, '../../../..');
const folder = process.env['DSEM_CASES'] ?? join(root, '../shared/cases');
const major = Number(process.env['DSEM_CASES_MAJOR'] ?? 18);

/** Cases that do not end well, each with its reason; one that ends well has to leave the list. */
const explained = JSON.parse(readFileSync(join(__dirname, '../testdata/cases-of-others.json'), 'utf8')) as Readonly<
  Record<string, { readonly verdict: Verdict; readonly because: string }>
>;

const suite = (): void => {
  const cases = foreignCases(folder);
  const verdicts: { readonly suite: string; readonly verdict: Verdict }[] = [];
  const createDatabase = async () => (await server('postgresql', { major })).createDatabase();

  useRoles(major, [...new Set(cases.flatMap((each) => each.roles))]);

  it.each(cases.map((each) => [each.id, each] as const))('%s', async (id, each) => {
    const { verdict, why } = await judge(each, String(major), createDatabase);
    verdicts.push({ suite: each.suite, verdict });
    if (isUncounted(verdict)) return;
    const expected = explained[id]?.verdict;
    expect(isGood(verdict) ? 'ends well' : `${verdict}: ${why}`).toEqual(
      expected === undefined ? 'ends well' : expect.stringContaining(`${expected}: `),
    );
  });

  afterAll(() => process.stderr.write(tally(verdicts)));
};

if (existsSync(folder)) describeWithServer('postgresql', `cases of others on PostgreSQL ${major}`, suite, major);
else {
  process.stderr.write(`SKIPPED cases of others: no folder ${folder} (DSEM_CASES names another)\n`);
  describe.skip('cases of others', () => it('need their folder', () => undefined));
}
