import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const text = (path: string): string => readFileSync(join(__dirname, '..', path), 'utf8');

describe('README.md', () => {
  const story = text('apps/demo/src/story.ts');
  const stages = new Set(
    [...story.matchAll(/\bheading\(\s*'([^']+)',\s*'([^']+)'/g)].map(([, title, what]) => `${title}  ${what}`),
  );
  const shown = [...text('README.md').matchAll(/^(\d+)\. (\S.* {2}\S.*)$/gm)].map(([, number, stage]) => ({
    number: Number(number),
    stage: stage ?? '',
  }));

  it('shows stages that the demo has, in their order', () => {
    expect(stages.size).toBeGreaterThan(8);
    expect(shown.length).toBeGreaterThan(5);
    for (const { stage } of shown) expect([...stages]).toContain(stage);
    const numbers = shown.map(({ number }) => number);
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
  });
});
