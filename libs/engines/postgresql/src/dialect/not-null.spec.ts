import { diff, type Refusal } from '@dsem/schema';
import { postgresqlDialect as dialect } from './index.js';

const parsed = async (text: string) => (await dialect.parse([{ text }])).schema;

const refusalOf = (work: Promise<unknown>): Promise<Refusal | undefined> =>
  work.then(
    () => undefined,
    (error: unknown) => error as Refusal,
  );

describe('NOT NULL as a constraint', () => {
  it.each([
    ['CREATE TABLE t (a integer, b integer CONSTRAINT there NOT NULL)', 'the name there of NOT NULL'],
    ['CREATE TABLE t (a integer, b integer NOT NULL NO INHERIT)', 'NOT NULL with NO INHERIT'],
    ['CREATE TABLE t (a integer, b integer); ALTER TABLE t ADD NOT NULL b NOT VALID', 'NOT NULL with NOT VALID'],
  ])('%s is refused on a server that would not keep it', async (text, words) => {
    const [empty, bare, wanted] = [
      await parsed(''),
      await parsed('CREATE TABLE t (a integer, b integer)'),
      await parsed(text),
    ];
    for (const from of [empty, bare]) {
      const changes = diff(from, wanted, dialect.diff);
      const render = (version: string): unknown =>
        changes.map((change) => dialect.render(change, { state: from, version, style: 'online' }));
      expect(() => render('17')).toThrow(words);
      expect(() => render('18')).not.toThrow();
    }
  });

  it('has a name of its own only where the server would not choose it', async () => {
    const plain = await parsed('CREATE TABLE t (a integer NOT NULL)');
    for (const name of ['t_a_not_null', 'formerly_a_not_null1'])
      expect(await parsed(`CREATE TABLE t (a integer CONSTRAINT ${name} NOT NULL)`)).toEqual(plain);
    expect(await parsed('CREATE TABLE t (a integer CONSTRAINT a_set NOT NULL)')).not.toEqual(plain);
  });

  it.each([
    ['COMMENT ON CONSTRAINT t_a_not_null ON t IS $$why$$', 'A comment on a NOT NULL is not supported'],
    ['CREATE TABLE u (a integer, NOT NULL a NOT VALID)', 'NOT VALID in CREATE TABLE is not supported'],
    ['ALTER TABLE t DROP CONSTRAINT absent', 'public.t.absent is not defined'],
    ['ALTER TABLE t RENAME CONSTRAINT absent TO there', 'public.t.absent is not defined'],
  ])('%s is refused by its name', async (text, words) => {
    const refusal = await refusalOf(parsed(`CREATE TABLE t (a integer NOT NULL); ${text}`));
    expect(refusal?.message).toContain(words);
  });
});
