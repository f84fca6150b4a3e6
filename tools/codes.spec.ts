import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codes, problemType, type Code } from '@dsem/api';

const file = join(__dirname, '..', 'docs', 'troubleshooting.md');
const mark = '## All codes';

const section = (): string => {
  const entries = Object.keys(codes).sort() as Code[];
  const parts = entries.map((code) => {
    const { status, title, fix } = codes[code];
    return `### ${code}\n\n${title} (HTTP ${status}). ${fix}\n`;
  });
  return `${mark}\n\nThe sentence that comes with a code names what it is about; this is what each one means in general.\n\n${parts.join('\n')}`;
};

describe('docs/troubleshooting.md', () => {
  it('holds every code, where the problem documents point', () => {
    const page = readFileSync(file, 'utf8');
    const before = page.split(`\n${mark}\n`)[0] ?? page;
    if (process.env['DSEM_UPDATE_GOLDEN'] === '1') writeFileSync(file, `${before.trimEnd()}\n\n${section()}`);
    expect(readFileSync(file, 'utf8').endsWith(section())).toBe(true);
  });

  it('is where the type of a problem points', () => {
    const anchor = new URL(problemType('DSEM-4006')).hash.slice(1);
    const headings = readFileSync(file, 'utf8').match(/^### .+$/gm) ?? [];
    expect(headings.map((heading) => heading.slice(4).toLowerCase())).toContain(anchor);
  });
});
