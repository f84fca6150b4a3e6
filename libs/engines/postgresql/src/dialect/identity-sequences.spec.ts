import type { Refusal } from '@dsem/schema';
import { postgresqlDialect as dialect } from './index.js';

const table = 'CREATE TABLE t (id integer GENERATED ALWAYS AS IDENTITY); ';
const parsed = (text: string) => dialect.parse([{ text: table + text }]);

describe('the sequence behind an identity column', () => {
  it.each([
    ['ALTER SEQUENCE t_id_seq OWNER TO somebody', 'skipped OWNER TO of the sequence of public.t.id'],
    ['ALTER SEQUENCE t_id_seq RESTART WITH 7', 'skipped RESTART of the sequence of public.t.id: numbers are data'],
    ['ALTER TABLE t ALTER COLUMN id RESTART', 'skipped RESTART of the sequence of public.t.id: numbers are data'],
    ['ALTER SEQUENCE t_id_seq SET UNLOGGED', 'skipped SET UNLOGGED of the sequence of public.t.id'],
    ['ALTER SEQUENCE t_id_seq RENAME TO numbers', 'skipped the name numbers of the sequence of public.t.id'],
    ["COMMENT ON SEQUENCE t_id_seq IS 'x'", 'skipped the comment of the sequence of public.t.id'],
  ])('tells of %s what no definition holds', async (text, note) => {
    const [{ schema: plain }, { schema, notes }] = await Promise.all([parsed(''), parsed(text)]);
    expect(notes.map(({ message }) => message)).toEqual([note]);
    expect(schema).toEqual(plain);
  });

  it('tells of RESTART of every other sequence too', async () => {
    const { notes } = await parsed('CREATE SEQUENCE s; ALTER SEQUENCE s RESTART WITH 5');
    expect(notes.map(({ message }) => message)).toEqual(['skipped RESTART of public.s: numbers are data']);
  });

  it('is known by the name that it was given', async () => {
    const { schema } = await parsed('ALTER SEQUENCE t_id_seq RENAME TO numbers; ALTER SEQUENCE numbers CACHE 5');
    expect(schema.tables[0]?.columns[0]?.identity).toEqual({ always: true, options: { cache: '5' } });
  });

  it.each([
    ['DROP SEQUENCE t_id_seq', 'cannot be dropped: the identity column public.t.id draws from it'],
    ['CREATE SCHEMA s; ALTER SEQUENCE t_id_seq SET SCHEMA s', 'cannot be moved: the identity column public.t.id'],
    ['ALTER SEQUENCE t_id_seq OWNED BY NONE', 'cannot have another owner'],
    ['ALTER SEQUENCE t_id_seq AS bigint', 'Another type for the sequence of an identity column'],
    ['CREATE TABLE t_id_seq (a integer)', 'public.t_id_seq is defined twice'],
    ['ALTER TABLE t ALTER COLUMN id DROP IDENTITY; ALTER SEQUENCE t_id_seq CYCLE', 'public.t_id_seq is not defined'],
  ])('%s is refused', async (text, words) => {
    const refusal = await parsed(text).then(
      () => undefined,
      (error: unknown) => error as Refusal,
    );
    expect(refusal?.message).toContain(words);
  });
});
