import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { postgresqlDialect } from '@dsem/engine-postgresql';
import { type Finding, type Rename, type Schema, parseDefinition } from '@dsem/schema';
import { type TxtarCase, goldenIn, txtarCases } from '@dsem/testkit';
import { type CompatibilityReport, type ConsumerContract, assess, rules } from './index.js';

const testdata = join(__dirname, '..', 'testdata');
const cases = txtarCases(testdata);

const stateOf = async ({ files }: TxtarCase, side: 'from' | 'to'): Promise<Schema> => {
  const json = files[`${side}.json`];
  if (json !== undefined) return parseDefinition(JSON.parse(json));
  const text = files[`${side}.sql`] ?? '';
  return (await postgresqlDialect.parse(text === '' ? [] : [{ text, file: `${side}.sql` }])).schema;
};

const listed = <Value>(text: string | undefined): readonly Value[] =>
  text === undefined ? [] : (JSON.parse(text) as readonly Value[]);

const findingLine = ({ severity, rule, object, actors = [], consumers = [], message }: Finding): string => {
  const hit = consumers.map(({ name }) => name).join(',');
  return `${severity} ${rule} ${object} [${actors.join(' ')}]${hit && ` hits ${hit}`}\n  ${message}\n`;
};

const told = ({ findings, ...report }: CompatibilityReport): string => {
  const yes = (value: boolean): string => (value ? 'yes' : 'no');
  const { compatible, backwardCompatible, forwardCompatible, score, semver } = report;
  const verdict = `full ${yes(compatible)}, backward ${yes(backwardCompatible)}, forward ${yes(forwardCompatible)}`;
  return `${findings.map(findingLine).join('')}${verdict}, score ${score}, ${semver}\n`;
};

const judge = async (one: TxtarCase): Promise<CompatibilityReport> =>
  assess({
    dialect: postgresqlDialect,
    from: [await stateOf(one, 'from')],
    to: await stateOf(one, 'to'),
    mode: 'full',
    consumers: listed<ConsumerContract>(one.files['consumers.json']),
    renames: listed<Rename>(one.files['renames.json']),
  });

describe('each rule', () => {
  it.each(cases.map((one) => [one.name.replace('.txtar', ''), one] as const))('%s', async (_name, one) => {
    const report = told(await judge(one));
    expect(report).toBe(goldenIn(one.path, 'report', report));
  });

  it.each(rules.map(({ id }) => [id]))('%s has a case that it flags and a clean one that it does not', async (id) => {
    const own = cases.filter(({ name }) => name.startsWith(`${id}/`));
    const flagged = await Promise.all(
      own.map(async (one) => [one.name.endsWith('/clean.txtar'), await judge(one)] as const),
    );
    const found = flagged.map(([clean, { findings }]) => [clean, findings.some(({ rule }) => rule === id)] as const);
    expect(found).toContainEqual([true, false]);
    expect(found).toContainEqual([false, true]);
    expect(found.filter(([clean, hit]) => clean && hit)).toEqual([]);
  });

  it('stands in a file that is named like it, and is told in whole sentences', () => {
    for (const { id, title, why, fix } of rules) {
      expect(readFileSync(join(__dirname, 'rules', `${id}.ts`), 'utf8')).toContain(`id: '${id}'`);
      expect([why, fix].filter((text) => !/^[A-Z].*\.$/u.test(text))).toEqual([]);
      expect(title).not.toMatch(/\.$/u);
    }
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
  });
});
