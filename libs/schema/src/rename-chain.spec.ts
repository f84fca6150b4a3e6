import { hintsBetween, type ToldRenames } from './rename-chain.js';
import type { RenameHint } from './rename-hint.js';

const name = (text: string) => ({ namespace: 'public', name: text });

/** `now < was` of a table, `table.now < was` of a column. */
const hint = (text: string): RenameHint => {
  const [now = '', was = ''] = text.split(' < ');
  const [table = '', column] = now.split('.');
  return column === undefined
    ? { table: name(table), was: name(was) }
    : { table: name(table), column, was: { name: was } };
};
const words = ({ table, column, was }: RenameHint): string =>
  `${[table.name, ...(column === undefined ? [] : [column])].join('.')} < ${was.name}`;
const versions = (...told: readonly (readonly string[])[]): readonly ToldRenames[] =>
  told.map((lines, at) => ({ number: at + 2, renamedFrom: lines.map(hint) }));

describe('renames over several versions', () => {
  it.each<[string, readonly ToldRenames[], number | undefined, number, readonly string[]]>([
    ['one step', versions(['b < a', 'b.y < x']), 1, 2, ['b < a', 'b.y < x']],
    ['a table twice', versions(['b < a'], ['c < b']), 1, 3, ['c < a']],
    ['a column twice', versions(['t.y < x'], ['t.z < y']), 1, 3, ['t.z < x']],
    ['a column, then its table', versions(['t.y < x'], ['u < t']), 1, 3, ['u.y < x', 'u < t']],
    ['a table, then its column', versions(['u < t'], ['u.y < x']), 1, 3, ['u < t', 'u.y < x']],
    ['both, twice', versions(['b < a', 'b.y < x'], ['c < b', 'c.z < y']), 1, 3, ['c < a', 'c.z < x']],
    ['only those in between', versions(['b < a'], ['c < b'], ['d < c']), 2, 3, ['c < b']],
    ['a version of another column', versions(['t.y < x'], ['t.q < p']), 1, 3, ['t.y < x', 't.q < p']],
    ['nothing to the same version', versions(['b < a']), 2, 2, []],
    ['back', versions(['b < a', 'b.y < x']), 2, 1, ['a < b', 'a.x < y']],
    ['back over two', versions(['b < a', 'b.y < x'], ['c < b', 'c.z < y']), 3, 1, ['a < c', 'a.x < z']],
    ['from what is no version', versions(['b < a'], ['c < b']), undefined, 3, ['c < b']],
    ['to what tells nothing', versions(['b < a']), undefined, 7, []],
  ])('are joined: %s', (_, told, from, to, wanted) => {
    expect(hintsBetween(told, from, to).map(words)).toEqual(wanted);
    expect(hintsBetween([...told].reverse(), from, to).map(words)).toEqual(wanted);
  });

  it('end where they began when they are taken back', () => {
    const told = versions(['b < a', 'b.y < x'], ['a < b', 'a.x < y']);
    expect(hintsBetween(told, 1, 3).map(words)).toEqual(['a < a', 'a.x < x']);
  });
});
