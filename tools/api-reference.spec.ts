import { join } from 'node:path';
import { openapiDocument, routes, type RouteSpec } from '@dsem/api';

type Writer = { markdownOf: (document: Record<string, unknown>) => string };

describe('the API reference', () => {
  const all: RouteSpec[] = Object.values(routes);
  const document = openapiDocument(all, '1.2.3');
  let page = '';

  beforeAll(async () => {
    const { markdownOf } = (await import(join(__dirname, 'api-reference.mjs'))) as Writer;
    page = markdownOf(document);
  });

  it('has a section for every route, with its permission', () => {
    for (const { method, path, policy } of all) {
      const heading = `### ${method.toUpperCase()} ${path}\n`;
      const section = page.slice(page.indexOf(heading)).split('\n### ')[0] ?? '';
      expect(page).toContain(heading);
      expect(section).toContain('public' in policy ? 'Needs no key' : `\`${policy.action}\``);
    }
  });

  it('explains every shape it links to, and links nowhere else', () => {
    const headings = [...page.matchAll(/^#{2,3} (.+)$/gm)].map((match) =>
      (match[1] ?? '')
        .toLowerCase()
        .replace(/[^\w -]/g, '')
        .replace(/ /g, '-'),
    );
    for (const [, target] of page.matchAll(/\]\(#([^)]*)\)/g)) expect(headings).toContain(target);
  });

  it('keeps tables whole: no cell breaks its line or its row', () => {
    for (const line of page.split('\n').filter((each) => each.startsWith('|'))) expect(line.trimEnd()).toMatch(/\|$/);
    expect(page).not.toContain('undefined');
    expect(page).not.toContain('[object Object]');
  });
});
