import { join } from 'node:path';
import { mergeStates, type ParsedState } from '@dsem/engine';
import { checkConsistency, digest, type MergeConflict, type Merged, type Resolution } from '@dsem/schema';
import { goldenIn, type TxtarCase, txtarCases } from '@dsem/testkit';
import { postgresqlDialect } from './index.js';

const cases = txtarCases(join(__dirname, '..', '..', 'testdata', 'merge'));

const read = (one: TxtarCase, file: string): Promise<ParsedState> =>
  postgresqlDialect.parse([{ file, text: one.files[file] ?? '' }]);

const mergedOf = async (one: TxtarCase, swapped = false): Promise<Merged> => {
  const [base, first, second] = [
    await read(one, 'base.sql'),
    await read(one, 'ours.sql'),
    await read(one, 'theirs.sql'),
  ];
  const [ours, theirs] = swapped ? [second, first] : [first, second];
  const resolutions = JSON.parse(one.files['resolutions.json'] ?? '[]') as readonly Resolution[];
  return mergeStates(postgresqlDialect, {
    base: base.schema,
    ours: ours.schema,
    theirs: theirs.schema,
    renamedFrom: { ours: ours.renamedFrom ?? [], theirs: theirs.renamedFrom ?? [] },
    resolutions: swapped ? [] : resolutions,
  });
};

const short = (value: unknown): string => {
  const text = JSON.stringify(value);
  return text.length > 160 ? `${text.slice(0, 160)}…` : text;
};

const conflictText = ({ kind, noun, object, aspect, base, ours, theirs, proposal, why }: MergeConflict): string =>
  [
    `${kind}: ${noun} ${object}, ${aspect}: ${why}`,
    ...Object.entries({ base, ours, theirs, proposal }).map(([name, value]) => `  ${name}: ${short(value)}`),
    '',
  ].join('\n');

/** A state as text, or what stands against it. */
const told = ({ clean, schema, conflicts, notes, renamedFrom }: Merged): string =>
  [
    ...notes.map((note) => `note: ${note}\n`),
    ...renamedFrom.map((hint) => `renamed: ${JSON.stringify(hint)}\n`),
    ...(clean ? postgresqlDialect.print(schema).map((statement) => `${statement};\n`) : conflicts.map(conflictText)),
  ].join('');

describe('merging PostgreSQL states', () => {
  it.each(cases)('$name', async (one) => {
    const result = await mergedOf(one);
    const text = told(result);
    expect(text).toBe(goldenIn(one.path, 'merged', text));
    if (!result.clean) return;
    checkConsistency(result.schema);
    const again = await postgresqlDialect.parse([{ text: postgresqlDialect.print(result.schema).join(';\n') }]);
    expect(digest(again.schema)).toBe(digest(result.schema));
  });

  it.each(cases.filter(({ files }) => files['resolutions.json'] === undefined))(
    '$name, seen from the other side',
    async (one) => {
      const [result, other] = [await mergedOf(one), await mergedOf(one, true)];
      expect(other.clean).toBe(result.clean);
      expect(other.conflicts.map(({ kind, object, aspect }) => `${kind} ${object} ${aspect}`)).toEqual(
        result.conflicts.map(({ kind, object, aspect }) => `${kind} ${object} ${aspect}`),
      );
    },
  );
});
