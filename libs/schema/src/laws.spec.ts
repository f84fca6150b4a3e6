import { schemaSample } from '@dsem/testkit';
import fc from 'fast-check';
import {
  type Change,
  type DiffAnswers,
  type Schema,
  applyChange,
  applyChanges,
  canonicalJson,
  checkConsistency,
  diff,
  digest,
  footprint,
  footprintDelta,
  invert,
  normalizeSchema,
  parseDefinition,
} from './index.js';
import { orderless } from './normalize.js';

const ask: DiffAnswers = { sameType: (a, b) => a.native === b.native };
const pair = fc.tuple(schemaSample(), schemaSample());
const law = (title: string, property: fc.IPropertyWithHooks<[[Schema, Schema]]>): void => {
  it(title, () => fc.assert(property, { numRuns: 120 }));
};
/** The states before each change, and the change. */
const walked = (from: Schema, changes: readonly Change[]): readonly (readonly [Schema, Change, Schema])[] => {
  let now = from;
  return changes.map((change) => {
    const before = now;
    now = applyChange(now, change);
    return [before, change, now] as const;
  });
};

describe('the laws of diff, apply and invert', () => {
  law(
    'applying a diff arrives at the target, column order aside',
    fc.property(pair, ([from, to]) => {
      expect(orderless(applyChanges(from, diff(from, to, ask)))).toEqual(orderless(to));
      expect(digest(applyChanges(from, diff(from, to, ask)))).toBe(digest(to));
    }),
  );
  law(
    'a state does not differ from a copy of itself, and no diff is empty between different states',
    fc.property(pair, ([from, to]) => {
      expect(diff(from, structuredClone(from), ask)).toEqual([]);
      expect(diff(from, to, ask).length === 0).toBe(digest(from) === digest(to));
    }),
  );
  law(
    'each change followed by its inverse leaves the state as it was, positions included',
    fc.property(pair, ([from, to]) => {
      for (const [before, change, after] of walked(from, diff(from, to, ask))) {
        expect(applyChange(after, invert(change))).toEqual(before);
        expect(invert(invert(change))).toEqual(change);
      }
    }),
  );
  law(
    'every change is refused by a state that is not as it expects',
    fc.property(pair, ([from, to]) => {
      for (const [, change, after] of walked(from, diff(from, to, ask))) {
        expect(() => applyChange(after, change)).toThrow(expect.objectContaining({ code: 'DSEM-2004' }));
      }
    }),
  );
});

describe('the laws of normal form, digest and footprint', () => {
  law(
    'normal form is idempotent, kept by apply, and survives JSON',
    fc.property(pair, ([from, to]) => {
      const arrived = applyChanges(from, diff(from, to, ask));
      expect(canonicalJson(normalizeSchema(arrived))).toBe(canonicalJson(arrived));
      expect(parseDefinition(JSON.parse(JSON.stringify(to)))).toEqual(to);
      expect(() => checkConsistency(to)).not.toThrow();
    }),
  );
  law(
    'digests do not depend on the order of sets and columns',
    fc.property(pair, ([{ tables, types, ...rest }]) => {
      const turned = tables.map((table) => ({ ...table, columns: table.columns.toReversed() })).toReversed();
      expect(digest({ ...rest, tables: turned, types: types.toReversed() })).toBe(digest({ ...rest, tables, types }));
    }),
  );
  law(
    'the footprint tells exactly what the delta tells',
    fc.property(pair, ([from, to]) => {
      for (const [a, b] of [
        [from, to],
        [from, applyChanges(from, diff(from, to, ask))],
      ] as const) {
        const [before, after, delta] = [footprint(a), footprint(b), footprintDelta(a, b)];
        const keys = [...new Set([...before.keys(), ...after.keys()])].filter((k) => before.get(k) !== after.get(k));
        expect(Object.keys(delta.before).toSorted()).toEqual(keys.toSorted());
        for (const key of keys) {
          expect([delta.before[key], delta.after[key]]).toEqual([before.get(key) ?? null, after.get(key) ?? null]);
        }
      }
    }),
  );
});
