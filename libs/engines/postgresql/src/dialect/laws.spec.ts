import { plan } from '@dsem/plan';
import { applyChanges, diff, digest, type Schema } from '@dsem/schema';
import fc from 'fast-check';
import { definitions, type Statements } from '../testing/laws/definitions.js';
import { loadGrammar, statementsOf } from './grammar.js';
import { postgresqlDialect as dialect } from './index.js';

beforeAll(loadGrammar);

const script = (statements: Statements): string => statements.map((each) => `${each};\n`).join('');
const read = async (...texts: readonly string[]): Promise<Schema> =>
  (await dialect.parse(texts.map((text) => ({ text })))).schema;

const law = <Values extends [unknown, ...unknown[]]>(title: string, property: fc.IAsyncProperty<Values>): void => {
  it(title, () => fc.assert(property, { numRuns: 60 }));
};

describe('laws of the dialect, on states with hostile names', () => {
  law(
    'a state does not differ from itself, and what is printed reads as the same state',
    fc.asyncProperty(definitions, async (statements) => {
      const state = await read(script(statements));
      expect(diff(state, state, dialect.diff)).toEqual([]);
      const again = await read(script(dialect.print(state)));
      expect(diff(state, again, dialect.diff)).toEqual([]);
      expect(digest(again)).toBe(digest(state));
    }),
  );
  law(
    'the changes between two states lead from one to the other',
    fc.asyncProperty(definitions, definitions, async (one, other) => {
      const [from, to] = [await read(script(one)), await read(script(other))];
      expect(digest(applyChanges(from, diff(from, to, dialect.diff)))).toBe(digest(to));
    }),
  );
  law(
    'order, whitespace and comments of statements tell nothing',
    fc.asyncProperty(
      definitions.chain((statements) =>
        fc.tuple(fc.constant(statements), fc.shuffledSubarray([...statements], { minLength: statements.length })),
      ),
      async ([statements, shuffled]) => {
        const dressed = shuffled
          .map((each) => `-- a remark; with 'quotes'\n  ${each}\n/* and; "more */ ;`)
          .join('\n\n');
        expect(digest(await read(dressed))).toBe(digest(await read(script(statements))));
      },
    ),
  );
  law(
    'the grammar counts exactly the statements that are planned, there and back',
    fc.asyncProperty(definitions, definitions, async (one, other) => {
      const [from, to] = [await read(script(one)), await read(script(other))];
      const { steps } = plan({ dialect, from, to, version: '18' });
      for (const { statements, reverse } of steps)
        for (const text of [...statements, ...(reverse ?? [])]) expect(statementsOf(text)).toHaveLength(1);
    }),
  );
});
