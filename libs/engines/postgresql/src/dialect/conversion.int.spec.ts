import type { Column } from '@dsem/schema';
import { describeWithServer, server, surviving } from '@dsem/testkit';
import pg from 'pg';
import { converted, outcomeOf } from './conversion.js';

interface Pair {
  readonly from: string;
  readonly to: string;
  readonly good: readonly string[];
  /** What a query is to find; nothing where every value converts. */
  readonly bad: readonly string[];
  /** How the good values come out. */
  readonly become?: readonly string[];
}

const pair = (
  from: string,
  to: string,
  good: readonly string[],
  bad: readonly string[] = [],
  become?: readonly string[],
): Pair => ({ from, to, good, bad, ...(become === undefined ? {} : { become }) });

const pairs: readonly Pair[] = [
  pair('text', 'integer', ['1', '-7', ' 12 '], ['a', '', '1.5'], ['1', '-7', '12']),
  pair('text', 'numeric(5,2)', ['1.25', '-7'], ['x', '1,2'], ['1.25', '-7.00']),
  pair('text', 'uuid', ['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'], ['a0ee']),
  pair('character varying(20)', 'boolean', ['yes', 'off'], ['maybe'], ['true', 'false']),
  pair('bigint', 'integer', ['5', '-2147483648'], ['2147483648', '-3000000000']),
  pair('integer', 'smallint', ['32767'], ['40000']),
  pair('integer', 'numeric(4,2)', ['99'], ['100', '-250'], ['99.00']),
  pair('text', 'character varying(3)', ['abc', 'äöü'], ['abcd']),
  pair('integer', 'character varying(3)', ['123'], ['1234']),
  pair('boolean', 'smallint', ['true', 'false'], [], ['1', '0']),
  pair('smallint', 'boolean', ['0', '7'], [], ['false', 'true']),
  pair('integer', 'integer[]', ['4'], [], ['{4}']),
  pair('text', 'text[]', ['a,b'], [], ['{"a,b"}']),
  pair('integer[]', 'integer', ['{4}'], ['{4,5}'], ['4']),
  pair('text[]', 'text', ['{a}'], [], ['a']),
  pair('integer[]', 'bigint[]', ['{1,2}']),
  pair('bigint[]', 'integer[]', ['{1,2}'], ['{1,3000000000}']),
  pair('text[]', 'integer[]', ['{1,2}'], ['{1,b}']),
  pair('jsonb', 'integer', ['5'], ['"a"', '{}', 'true'], ['5']),
  pair('jsonb', 'boolean', ['true'], ['1'], ['true']),
  pair('money', 'numeric', ['5'], [], ['5.00']),
  pair('double precision', 'money', ['1.25'], [], ['$1.25']),
  pair('timestamp with time zone', 'text', ['2024-01-01 10:00+00'], []),
  pair('bit(4)', 'bit(2)', [], ['1010']),
];

const column = (native: string): Column => ({
  name: 'c',
  nullable: true,
  type: { native, canonical: { kind: 'opaque', native } },
});

const table = { namespace: 'public', name: 'converted' };

const suite = (major: number): void => {
  let client: pg.Client;
  let drop: () => Promise<void>;
  beforeAll(async () => {
    const database = await (await server('postgresql', { major })).createDatabase();
    client = surviving(new pg.Client({ connectionString: database.url }));
    await client.connect();
    drop = async () => {
      await client.end();
      await database.drop();
    };
  });
  afterAll(() => drop());

  const texts = async (): Promise<readonly string[]> =>
    (await client.query<{ c: string }>('SELECT c::text FROM public.converted WHERE c IS NOT NULL ORDER BY n')).rows.map(
      ({ c }) => c,
    );
  const fill = async ({ from }: Pair, values: readonly string[]): Promise<void> => {
    await client.query('DROP TABLE IF EXISTS public.converted');
    await client.query(`CREATE TABLE public.converted (n serial, c ${from})`);
    await client.query('INSERT INTO public.converted (c) VALUES (NULL)');
    for (const value of values)
      await client.query(`INSERT INTO public.converted (c) SELECT $1::text::${from}`, [value]);
  };

  it.each(pairs)('$from becomes $to, and the query finds the rows that decide', async (each) => {
    const [from, to] = [column(each.from), column(each.to)];
    const using = converted('"c"', from.type, to.type);
    const { always, query } = outcomeOf(table, from, to, String(major));
    if (always) expect([each.bad, query]).toEqual([[], undefined]);
    await fill(each, [...each.good, ...each.bad]);
    if (query !== undefined)
      expect((await client.query<{ count: string }>(query)).rows[0]!.count).toBe(String(each.bad.length));
    await fill(each, each.good);
    const type = `ALTER TABLE public.converted ALTER COLUMN c TYPE ${each.to} USING ${using}`;
    await client.query(type);
    expect(await texts()).toEqual(each.become ?? (await texts()));
  });
};

describeWithServer('postgresql', 'conversions on PostgreSQL 18', () => suite(18), 18);
describeWithServer('postgresql', 'conversions on PostgreSQL 13', () => suite(13), 13);
