import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dialects } from '@dsem/catalogue';
import { rules as compat } from '@dsem/compat';
import { type Dialect, type LintRule, nolintRules, ruleDocs } from '@dsem/engine';

interface Writer {
  readonly folder: string;
  readonly pagesOf: (rules: {
    lint: { engine: string; rules: LintRule[] }[];
    compat: typeof compat;
  }) => Map<string, string>;
}

const lint = Object.values<Dialect>(dialects).flatMap((dialect) =>
  dialect.lint ? [{ engine: dialect.engine, rules: [...dialect.lint.rules, ...Object.values(nolintRules)] }] : [],
);

describe('docs/rules', () => {
  let pages: Map<string, string>;
  let folder: string;
  beforeAll(async () => {
    const writer = (await import(join(__dirname, 'rule-pages.mjs'))) as Writer;
    pages = writer.pagesOf({ lint, compat });
    folder = writer.folder;
  });

  it('has exactly one current page for each rule (else: npm run build && node tools/rule-pages.mjs)', () => {
    expect(readdirSync(folder).toSorted()).toEqual([...pages.keys()].toSorted());
    for (const [name, text] of pages) expect([name, readFileSync(join(folder, name), 'utf8')]).toEqual([name, text]);
  });

  it('is where findings point', () => {
    for (const { rules } of lint)
      for (const { id } of rules) expect(ruleDocs(id)).toMatch(new RegExp(`/docs/rules/${id}\\.md$`));
  });

  it('shows a script that is told of and one that is not, for every rule about statements', () => {
    for (const { rules } of lint)
      for (const { id } of rules.filter((rule) => !rule.id.startsWith('nolint-'))) {
        expect([id, pages.get(`${id}.md`)]).toEqual([id, expect.stringContaining('### Told of')]);
        expect([id, pages.get(`${id}.md`)]).toEqual([id, expect.stringContaining('### Not told of')]);
      }
  });
});
