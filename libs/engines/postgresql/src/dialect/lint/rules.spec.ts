import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LintInput } from '@dsem/engine';
import type { Finding } from '@dsem/schema';
import { goldenIn, type TxtarCase, txtarCases } from '@dsem/testkit';
import { parse } from '../parse.js';
import { judge } from './judge.js';
import { rules } from './rules/index.js';

const cases = txtarCases(join(__dirname, '..', '..', '..', 'testdata', 'lint'));

type Options = Partial<Pick<LintInput, 'version' | 'inTransaction'>> & {
  readonly rules?: LintInput['severities'];
  readonly sizes?: Readonly<Record<string, { rows: number; bytes: number }>>;
};

const inputOf = async ({ files }: TxtarCase): Promise<LintInput> => {
  const options = JSON.parse(files['options.json'] ?? '{}') as Options;
  const state = files['state.sql'];
  return {
    sources: Object.entries(files)
      .filter(([name]) => /^script\d*\.sql$/.test(name))
      .map(([file, text]) => ({ file, text })),
    ...(state === undefined ? {} : { state: (await parse([{ text: state }])).schema }),
    ...(options.sizes ? { sizes: new Map(Object.entries(options.sizes)) } : {}),
    version: options.version ?? '18',
    inTransaction: options.inTransaction ?? false,
    severities: options.rules ?? {},
  };
};

const told = ({ location, severity, rule, object, message }: Finding): string =>
  `${location?.file}:${location?.line}:${location?.column} ${severity} ${rule} ${object}\n  ${message}\n`;

const findingsOf = async (one: TxtarCase): Promise<readonly Finding[]> => {
  const { findings, broken } = await judge(await inputOf(one));
  expect(broken).toEqual([]);
  return findings;
};

describe('each rule', () => {
  it.each(cases.map((one) => [one.name.replace('.txtar', ''), one] as const))('%s', async (_name, one) => {
    const report = (await findingsOf(one)).map(told).join('');
    expect(report).toBe(goldenIn(one.path, 'report', report));
  });

  it.each(rules.map(({ id }) => [id]))('%s has a case that it flags and a clean one that it does not', async (id) => {
    const own = cases.filter(({ name }) => name.startsWith(`${id}/`));
    const found = await Promise.all(
      own.map(async (one) => [
        one.name.endsWith('/clean.txtar'),
        (await findingsOf(one)).some(({ rule }) => rule === id),
      ]),
    );
    expect(found).toContainEqual([true, false]);
    expect(found).toContainEqual([false, true]);
    expect(found.filter(([clean, hit]) => clean && hit)).toEqual([]);
  });

  it('stands in a file that is named like it, and is told in whole sentences', () => {
    for (const { id, title, why, fix } of rules) {
      expect(readFileSync(join(__dirname, 'rules', `${id}.ts`), 'utf8')).toContain(`id: '${id}'`);
      expect([why, fix].filter((text) => !/^\S.*\.$/u.test(text))).toEqual([]);
      expect(title).not.toMatch(/\.$/u);
    }
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
  });
});
