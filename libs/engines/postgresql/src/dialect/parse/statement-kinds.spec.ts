import type { Refusal } from '@dsem/schema';
import { postgresqlDialect } from '../index.js';

describe('statements about objects that have no noun', () => {
  it.each([
    ["create subscription s connection 'host=h password=k1' publication p", 's', 'CREATE SUBSCRIPTION'],
    ["alter subscription s connection 'host=h password=k1'", 's', 'ALTER SUBSCRIPTION'],
    ['drop subscription s', 's', 'by hand'],
    ['alter subscription s rename to r', 's', 'Renaming SUBSCRIPTION'],
    ["comment on subscription s is 'x'", 's', 'A comment on SUBSCRIPTION'],
    ['create trusted language plx handler f', 'plx', 'CREATE LANGUAGE'],
    ['drop language plx', 'plx', 'DROP of LANGUAGE'],
    ['alter language plx rename to ply', 'plx', 'Renaming LANGUAGE'],
    ['drop access method heap2', 'heap2', 'DROP of ACCESS METHOD'],
    ['create access method heap2 type table handler heap_tableam_handler', 'heap2', 'CREATE ACCESS METHOD'],
  ])('%j is refused by the name %j, without what it connects by', async (text, object, words) => {
    const refusal = await postgresqlDialect.parse([{ text }]).then(
      () => undefined,
      (error: unknown) => error as Refusal,
    );
    expect([refusal?.code, refusal?.object]).toEqual(['DSEM-2002', object]);
    expect(refusal?.message).toContain(words);
    expect(JSON.stringify([refusal?.message, refusal])).not.toContain('k1');
  });
});

describe('statements about what is no part of a definition', () => {
  it.each([
    ["comment on database d is 'x'", 'skipped the comment on database d: databases are not part of a definition'],
    ["comment on role r is 'x'", 'skipped the comment on role r: roles belong to the whole server'],
    ["comment on tablespace t is 'x'", 'skipped the comment on tablespace t: tablespaces belong to the whole server'],
    ["comment on language plx is 'x'", 'skipped the comment on language plx: languages are those of extensions'],
    ['alter role a rename to b', 'skipped a new name of role a: roles belong to the whole server'],
    ["security label for p on table t is 'x'", 'skipped SECURITY LABEL: labels are not part of a definition'],
    ["set default_tablespace = ''", 'skipped SET'],
    ['set default_table_access_method = heap', 'skipped SET'],
    [
      'set default_tablespace = fast',
      'skipped SET default_tablespace = fast: where tables and indexes stand is not part of a definition',
    ],
    [
      'set default_table_access_method = columnar',
      'skipped SET default_table_access_method = columnar: where tables and indexes stand is not part of a definition',
    ],
    ['drop tablespace t', 'skipped DROP TABLESPACE: tablespaces belong to the whole server'],
  ])('%j is skipped with the note %j', async (text, note) => {
    const { notes } = await postgresqlDialect.parse([{ text }]);
    expect(notes.map(({ message }) => message)).toEqual([note]);
  });

  it('takes REASSIGN OWNED into the definition, without a note', async () => {
    const text = 'create table t (); alter table t owner to a; reassign owned by a to b';
    const { schema, notes } = await postgresqlDialect.parse([{ text }]);
    expect(notes).toEqual([]);
    expect(JSON.stringify(schema.grants)).toContain('"grantee":"b"');
    expect(JSON.stringify(schema.grants)).not.toContain('"grantee":"a"');
  });
});
