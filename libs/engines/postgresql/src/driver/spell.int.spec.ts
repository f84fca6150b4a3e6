import { reconcile } from '@dsem/engine';
import { diff, digest, expressionsOf, type Schema } from '@dsem/schema';
import { describeWithServer, server } from '@dsem/testkit';
import { postgresqlDialect as dialect } from '../dialect/index.js';
import { openLink } from './connect.js';
import { postgresqlDriver as driver } from './index.js';

const parsed = async (text: string): Promise<Schema> => (await dialect.parse([{ text }])).schema;

interface World {
  readonly live: Schema;
  readonly spell: Parameters<typeof reconcile>[2];
  readonly asked: string[];
  readonly objects: () => Promise<number>;
}

const withDatabase = async (text: string, work: (world: World) => Promise<void>, major: number): Promise<void> => {
  const database = await (await server('postgresql', { major })).createDatabase();
  const link = await openLink(database.url);
  const session = await driver.connect(database.url);
  const asked: string[] = [];
  try {
    await link.query(text);
    await work({
      live: await session.inspect(),
      asked,
      spell: (desired, places) => {
        asked.push(...places);
        return session.spell(desired, places);
      },
      objects: async () => {
        const [row] = await link.query<{ count: string }>(
          `SELECT count(*) FROM pg_class WHERE relname !~ '^(pg_|sql_)'`,
        );
        return Number(row?.count);
      },
    });
  } finally {
    await session.close();
    await link.end();
    await database.drop();
  }
};

/** What no rule decides: constants that the server folds or casts in its own way. */
const shop = `
CREATE TABLE item (id integer PRIMARY KEY, price numeric(10, 2) DEFAULT 1 + 1, name text NOT NULL, "Tag" text,
  kind text DEFAULT 'a'::varchar(3), total numeric GENERATED ALWAYS AS (price * 2) STORED,
  CONSTRAINT spread CHECK (price BETWEEN SYMMETRIC 1 AND 9), CONSTRAINT named CHECK (NOT name = '' AND "Tag" <> 'it''s'));
CREATE INDEX folded ON item ((lower(name) || "Tag")) WHERE NOT (kind = 'x' OR kind = 'y');
CREATE VIEW cheap AS SELECT id, name FROM item WHERE price < 3 ORDER BY 2;`;

const called = (type: string, result: number): string =>
  `CREATE FUNCTION chosen(a ${type}) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT ${result}';`;

const callers = `CREATE TABLE t (id integer, CONSTRAINT c CHECK (chosen(id) > 0));
CREATE VIEW v AS SELECT chosen(id) AS n FROM t;`;

const suite = (major: number): void => {
  it('takes the spelling of the server for what it reads as the same, and leaves nothing behind', async () => {
    await withDatabase(
      shop,
      async ({ live, spell, objects }) => {
        const before = await objects();
        const places = [...expressionsOf(live).keys()];
        const spelled = await spell(live, places);
        expect([...spelled.keys()].sort()).toEqual([...places].sort());
        expect(Object.fromEntries(spelled)).toEqual(Object.fromEntries(expressionsOf(live)));
        expect(await objects()).toBe(before);
      },
      major,
    );
  });

  it('makes a state equal that differs in spelling only', async () => {
    await withDatabase(
      shop,
      async ({ live, spell }) => {
        const wanted = await parsed(shop.replace('NOT name =', 'name <>').replace('1 + 1', '(1 + 1)::int4'));
        const reconciled = await reconcile(wanted, live, spell);
        const left = diff(live, reconciled, dialect.diff).map(({ object }) => object);
        expect(left).toEqual(['public.item.named', 'public.item.named']);
        const same = await reconcile(await parsed(shop), live, spell);
        expect(diff(live, same, dialect.diff)).toEqual([]);
        expect(digest(same)).toBe(digest(live));
      },
      major,
    );
  });

  it('asks only about what stands on both sides with different texts', async () => {
    await withDatabase(
      shop,
      async ({ live, spell, asked }) => {
        const wanted = await parsed(`${shop.replace('price < 3', 'price < 4')} CREATE VIEW fresh AS SELECT 1 AS one;`);
        await reconcile(wanted, live, spell);
        expect(asked).toContain('view public.cheap');
        expect(asked).not.toContain('view public.fresh');
        expect(asked).not.toContain('check public.item.named');
      },
      major,
    );
  });

  it('chooses among the overloads that are to come', async () => {
    await withDatabase(
      `${called('bigint', 1)} ${callers}`,
      async ({ live, spell, objects }) => {
        const before = await objects();
        const other = await parsed(`${called('bigint', 1)} ${called('text', 2)} ${callers}`);
        const better = await parsed(`${called('bigint', 1)} ${called('integer', 2)} ${callers}`);
        const changed = async (wanted: Schema): Promise<readonly string[]> =>
          diff(live, await reconcile(wanted, live, spell), dialect.diff).map(({ kind, object }) => `${kind} ${object}`);
        expect(await changed(other)).toEqual(['create-routine public.chosen(text)']);
        expect(await changed(better)).toEqual([
          'drop-check public.t.c',
          'add-check public.t.c',
          'create-routine public.chosen(integer)',
          'alter-view public.v',
        ]);
        expect(await objects()).toBe(before);
      },
      major,
    );
  });

  it('keeps the wanted text where the server cannot say', async () => {
    await withDatabase(
      'CREATE TABLE t (a integer CHECK (a > 0));',
      async ({ live, spell }) => {
        const wanted = await parsed('CREATE TABLE t (a integer CHECK (a > missing(1)));');
        const reconciled = await reconcile(wanted, live, spell);
        expect(digest(reconciled)).toBe(digest(wanted));
      },
      major,
    );
  });
};

describeWithServer('postgresql', 'spelling on PostgreSQL 18', () => suite(18), 18);
describeWithServer('postgresql', 'spelling on PostgreSQL 13', () => suite(13), 13);
