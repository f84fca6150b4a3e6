import { type Refusal, UnsupportedChange } from '@dsem/schema';
import { postgresqlDialect as dialect } from './index.js';

const table = 'CREATE TABLE t (id integer PRIMARY KEY, a text, b integer);';
const parsed = (text: string) => dialect.parse([{ text: `${table}\n${text}` }]);

describe('statistics objects', () => {
  it.each([
    ['CREATE STATISTICS s ON a FROM t', 'counts one column alone'],
    ['CREATE STATISTICS s (mcv) ON (lower(a)) FROM t', 'no meaning for one expression'],
    ['CREATE STATISTICS s ON a, a FROM t', 'stands twice'],
    ['CREATE STATISTICS s (most) ON a, b FROM t', 'of kind most do not exist'],
    ['CREATE STATISTICS s ON a, z FROM t', 'public."t.z" is not defined'],
    ['CREATE STATISTICS s ON a, b FROM absent', 'public.absent is not defined'],
    ['CREATE STATISTICS s ON a, b FROM t, u', 'more than one table'],
    ['CREATE STATISTICS s ON a, b FROM t; CREATE STATISTICS s ON a, id FROM t', 'is defined twice'],
    ['ALTER STATISTICS s SET STATISTICS 5', 'The statistics public.s is not defined'],
    ['DROP STATISTICS s', 'The statistics public.s is not defined'],
  ])('%s is refused as a server does', async (text, words) => {
    const refusal = await parsed(text).then(
      () => undefined,
      (error: unknown) => error as Refusal,
    );
    expect(refusal?.message).toContain(words);
  });

  it('may stand in a script before their table', async () => {
    const text = 'CREATE STATISTICS s ON a, b FROM t';
    const { schema } = await dialect.parse([{ text: `${text};\n${table}` }]);
    expect(schema).toEqual((await parsed(text)).schema);
  });

  it('of expressions are refused on a server that does not know them', async () => {
    const { schema } = await parsed('CREATE STATISTICS s ON (lower(a)) FROM t');
    const change = { kind: 'create-object', object: 'statistics public.s', value: schema.others[0]! } as const;
    expect(() => dialect.render(change, { state: schema, version: '13', style: 'online' })).toThrow(UnsupportedChange);
  });
});
