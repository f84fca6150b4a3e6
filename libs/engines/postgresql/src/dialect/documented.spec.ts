import { plan } from '@dsem/plan';
import { declaredRenames } from '@dsem/schema';
import { golden } from '@dsem/testkit';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { postgresqlDialect as dialect } from './index.js';

const page = join(__dirname, '../../../../../docs/engines/postgresql-plans.md');
const text = readFileSync(page, 'utf8');

/** An example of the page: a state, another one, and the statements that lead there. */
const examples = /(```sql from\n)([^`]*)(```\n\n```sql to\n)([^`]*)(```\n\n```sql plan\n)([^`]*)(```\n)/gu;

const read = (sql: string) => dialect.parse([{ text: sql }]);

const planned = async (from: string, to: string): Promise<string> => {
  const [old, wanted] = [await read(from), await read(to)];
  const renames = declaredRenames(old.schema, wanted.schema, wanted.renamedFrom ?? []);
  const { steps } = plan({ dialect, from: old.schema, to: wanted.schema, version: '18', renames });
  return steps.map(({ statements }) => statements.map((each) => `${each};\n`).join('')).join('\n');
};

const told = async (): Promise<string> => {
  const parts = [...text.matchAll(examples)];
  const plans = await Promise.all(parts.map(([, , from = '', , to = '']) => planned(from, to)));
  return text.replaceAll(examples, (_all, open: string, from: string, then: string, to: string, last: string) =>
    [open, from, then, to, last, plans.shift(), '```\n'].join(''),
  );
};

describe('docs/engines/postgresql-plans.md', () => {
  it('has an example under every heading that promises one', () => {
    expect([...text.matchAll(examples)]).toHaveLength([...text.matchAll(/^```sql plan$/gmu)].length);
  });

  it('shows what is planned', async () => {
    const wanted = await told();
    expect(golden(page, wanted)).toBe(wanted);
  });
});
