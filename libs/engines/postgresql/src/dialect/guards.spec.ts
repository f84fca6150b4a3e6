import { pathOf, type Refusal } from '@dsem/schema';
import { postgresqlDialect } from './index.js';

const read = async (text: string) => {
  const { schema, notes } = await postgresqlDialect.parse([{ text, file: 'guards.sql' }]);
  const named = [...schema.types, ...schema.tables, ...schema.views, ...schema.sequences];
  const parts = schema.tables.flatMap((table) =>
    [...table.columns, ...table.checks, ...table.foreignKeys, ...table.indexes].map(({ name }) => pathOf(table, name)),
  );
  return { names: [...named.map((one) => pathOf(one)), ...parts], notes, schema };
};

const makeType = "CREATE TYPE mood AS ENUM ('ok');";
const expecting = (name: string, statement: string): string =>
  `DO $$ BEGIN ${statement} EXCEPTION WHEN ${name} THEN NULL; END $$;`;
const unless = (query: string, statement: string): string =>
  `DO $$ BEGIN IF NOT EXISTS (${query}) THEN ${statement} END IF; END $$;`;
const table = 'CREATE TABLE t (id int PRIMARY KEY, a int, b int REFERENCES t);';
const addCheck = 'ALTER TABLE t ADD CONSTRAINT positive CHECK (a > 0);';
const addColumn = 'ALTER TABLE t ADD COLUMN c int;';

describe('the usual DO guards', () => {
  it.each([
    [expecting('duplicate_object', makeType), 'public.mood'],
    [expecting('duplicate_object OR unique_violation', makeType), 'public.mood'],
    [unless("SELECT 1 FROM pg_type WHERE typname = 'mood'", makeType), 'public.mood'],
    [
      unless(
        "SELECT 1 FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typname = 'mood' AND n.nspname = 'public'",
        makeType,
      ),
      'public.mood',
    ],
    [`DO $$ BEGIN IF to_regtype('mood') IS NULL THEN ${makeType} END IF; END $$;`, 'public.mood'],
    [
      `DO $$ BEGIN IF (SELECT count(*) FROM pg_type WHERE typname = 'mood') = 0 THEN ${makeType} END IF; END $$;`,
      'public.mood',
    ],
    [table + expecting('duplicate_object', addCheck), 'public.t.positive'],
    [
      table +
        unless(
          "SELECT 1 FROM pg_constraint WHERE conname = 'positive' AND conrelid = 't'::regclass AND contype = 'c'",
          addCheck,
        ),
      'public.t.positive',
    ],
    [
      table +
        unless(
          "SELECT 1 FROM information_schema.table_constraints WHERE constraint_name = 'positive' AND table_name = 't' AND table_schema = current_schema()",
          addCheck,
        ),
      'public.t.positive',
    ],
    [table + expecting('duplicate_column', addColumn), 'public.t.c'],
    [
      table +
        unless(
          "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name='t' and column_name='c' AND table_catalog = current_database()",
          addColumn,
        ),
      'public.t.c',
    ],
    [
      table +
        unless(
          "SELECT FROM pg_attribute WHERE attrelid = 't'::regclass AND attname = 'c' AND NOT attisdropped",
          addColumn,
        ),
      'public.t.c',
    ],
    [
      table +
        unless(
          "SELECT 1 FROM pg_indexes WHERE indexname = 't_a' AND schemaname = 'public'",
          'CREATE INDEX t_a ON t (a);',
        ),
      'public.t.t_a',
    ],
    [
      table +
        unless("SELECT 1 FROM pg_class c WHERE c.relname = 't_a' AND c.relkind = 'i'", 'CREATE INDEX t_a ON t (a);'),
      'public.t.t_a',
    ],
    [unless("SELECT 1 FROM pg_tables WHERE tablename = 'u'", 'CREATE TABLE u (a int);'), 'public.u'],
    [`DO $$ BEGIN IF to_regclass('public.u') IS NULL THEN CREATE TABLE u (a int); END IF; END $$;`, 'public.u'],
    [`DO $$ BEGIN EXECUTE 'CREATE TABLE u (a int)'; END $$;`, 'public.u'],
  ])('%s makes %s once, however often it is run', async (text, name) => {
    const once = await read(text);
    expect(once.names).toContain(name);
    const guard = text.startsWith(table) ? text.slice(table.length) : text;
    if (text.includes('EXECUTE')) return;
    expect((await read(text + guard)).schema).toEqual(once.schema);
  });

  it('follow the branch that is taken', async () => {
    const text = `CREATE TABLE t (old int); DO $$ BEGIN
      IF EXISTS (SELECT 1 FROM information_schema.columns WHERE table_name = 't' AND column_name = 'nothing') THEN DROP TABLE t;
      ELSIF EXISTS (SELECT 1 FROM information_schema.columns WHERE table_name = 't' AND column_name = 'old')
        AND NOT EXISTS (SELECT 1 FROM information_schema.columns WHERE table_name = 't' AND column_name = 'new')
      THEN ALTER TABLE t RENAME COLUMN old TO new; ALTER TABLE t ADD COLUMN more int;
      ELSE CREATE TABLE u (a int); END IF; END $$;`;
    expect((await read(text)).names).toEqual(['public.t', 'public.t.new', 'public.t.more']);
  });

  it('skip roles and data, and say so', async () => {
    const { names, notes } = await read(`${table}
      DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'app') THEN CREATE ROLE app; END IF; END $$;
      DO $$ DECLARE r record; BEGIN FOR r IN SELECT * FROM t LOOP UPDATE t SET a = 1 WHERE id = r.id; END LOOP; END $$;`);
    expect(names[0]).toBe('public.t');
    expect(notes.map(({ message }) => message)).toEqual(['skipped DO: it changes no object (2 times, the first here)']);
  });

  it.each([
    ["DO $$ BEGIN EXECUTE format('CREATE TABLE %I (a int)', current_date); END $$;", 'puts statements together'],
    ['DO $$ DECLARE r record; BEGIN FOR r IN SELECT 1 LOOP CREATE TABLE u (a int); END LOOP; END $$;', 'computes'],
    [
      'DO $$ BEGIN IF EXISTS (SELECT 1 FROM t WHERE a > 5) THEN CREATE TABLE u (a int); END IF; END $$;',
      'asks for what the files do not tell',
    ],
    [
      'DO $$ BEGIN CREATE TABLE u (a int); CREATE TABLE t (a int); EXCEPTION WHEN duplicate_table THEN NULL; END $$;',
      'undoes some of its statements',
    ],
    ["DO LANGUAGE plperl 'x';", 'plperl'],
    ['SELECT tools.make_tables();', 'tools.make_tables()'],
    ["SELECT create_hypertable('t', 'at');", 'create_hypertable()'],
  ])('%s is refused with its place and the way out', async (text, words) => {
    const refusal = await read(`${table}\n${text}`).catch((error: unknown) => error as Refusal);
    expect(refusal).toMatchObject({ code: 'DSEM-2002', location: { file: 'guards.sql', line: 2, column: 1 } });
    expect((refusal as Refusal).message).toContain(words);
    expect((refusal as Refusal).fix).toContain('--via');
  });
});
