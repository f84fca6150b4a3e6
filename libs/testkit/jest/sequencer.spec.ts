import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { longest, rankOf } from './sequencer.mjs';

const root = join(__dirname, '../../..');

it.each(longest)('there is %s', (name) => {
  expect(existsSync(join(root, name))).toBe(true);
});

it('puts the longest first and leaves the others as they are', () => {
  const [first, second] = longest.map((name) => join(root, name));
  const other = join(root, 'libs/schema/src/laws.spec.ts');
  expect([other, second!, first!].toSorted((a, b) => rankOf(a) - rankOf(b))).toEqual([first, second, other]);
  expect(rankOf(other)).toBe(longest.length);
});
