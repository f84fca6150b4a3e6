import { schemaSample } from '@dsem/testkit';
import fc from 'fast-check';
import {
  applyChanges,
  type Change,
  diff,
  type DiffAnswers,
  digest,
  merge,
  type Merged,
  type Schema,
} from '../index.js';

const ask: DiffAnswers = { sameType: (a, b) => a.native === b.native };
const answers = { diff: ask };
const one = schemaSample();
const pair = fc.tuple(one, one);
const three = fc.tuple(one, one, one);

const merged = (base: Schema, ours: Schema, theirs: Schema): Merged => merge({ base, ours, theirs }, answers);

/** Conflicts of one object; those between objects depend on what is proposed for these. */
const direct = ({ conflicts }: Merged): Merged['conflicts'] => {
  const found = conflicts.filter(({ kind }) => ['same-attribute', 'drop-modify', 'add-add', 'order'].includes(kind));
  return found.length === 0 ? conflicts : found;
};
const places = (result: Merged): readonly string[] =>
  direct(result).map(({ kind, noun, object, aspect }) => `${kind} ${noun} ${object} ${aspect}`);

const objectsOf = (changes: readonly Change[]): readonly string[] =>
  [...new Set(changes.map(({ object }) => object))].toSorted();

describe('the laws of the three-way merge', () => {
  it('takes the side that changed anything, whole, when the other one changed nothing', () => {
    fc.assert(
      fc.property(pair, ([base, changed]) => {
        for (const result of [
          merged(base, changed, base),
          merged(base, base, changed),
          merged(base, changed, changed),
        ]) {
          expect(result.conflicts).toEqual([]);
          expect(result.schema).toEqual(changed);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('does not depend on which side is called ours, names of sides aside', () => {
    fc.assert(
      fc.property(three, ([base, ours, theirs]) => {
        const [one, other] = [merged(base, ours, theirs), merged(base, theirs, ours)];
        expect(places(one)).toEqual(places(other));
        if (one.clean) expect(digest(one.schema)).toBe(digest(other.schema));
        const sides = direct(one).map(({ ours: mine, theirs: their, object }) => [object, mine, their]);
        expect(direct(other).map(({ ours: mine, theirs: their, object }) => [object, their, mine])).toEqual(sides);
      }),
      { numRuns: 150 },
    );
  });

  it('holds both diffs when it is clean, and never conflicts where they touch different objects', () => {
    fc.assert(
      fc.property(three, ([base, ours, theirs]) => {
        const { clean, schema } = merged(base, ours, theirs);
        const [mine, other] = [diff(base, ours, ask), diff(base, theirs, ask)];
        if (clean) expect(objectsOf(diff(base, schema, ask))).toEqual(objectsOf([...mine, ...other]));
        const [first, second] = [mine, other].map((changes) => new Set(changes.map(({ object }) => object)));
        const independent = [...first!].every(
          (object) => ![...second!].some((one) => one.startsWith(object) || object.startsWith(one)),
        );
        if (independent) {
          expect(clean).toBe(true);
          expect(digest(schema)).toBe(digest(applyChanges(ours, other)));
        }
      }),
      { numRuns: 150 },
    );
  });

  it('is clean once every conflict is decided for one side, or says what is still left', () => {
    fc.assert(
      fc.property(three, fc.constantFrom('ours' as const, 'theirs' as const), ([base, ours, theirs], take) => {
        const first = merged(base, ours, theirs);
        const resolutions = first.conflicts.map(({ noun, object, aspect }) => ({ noun, object, aspect, take }));
        const decided = merge({ base, ours, theirs, resolutions }, answers);
        const places = new Set(first.conflicts.map(({ noun, object, aspect }) => `${noun} ${object} ${aspect}`));
        for (const { noun, object, aspect } of decided.conflicts)
          expect(places).not.toContain(`${noun} ${object} ${aspect}`);
      }),
      { numRuns: 150 },
    );
  });
});
