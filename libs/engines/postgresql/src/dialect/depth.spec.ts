import { NestedTooDeeply } from './depth.js';
import { postgresqlDialect } from './index.js';
import { endlessStatement } from './word-run.js';

const nested = (open: string, times: number, core: string, close = ''): string =>
  `${open.repeat(times)}${core}${close.repeat(times)}`;
const check = (expression: string): string => `create table t (id int check (${expression}))`;
const generated = (expression: string): string =>
  `create table t (a int, b int generated always as (${expression}) stored)`;
const view = (query: string): string => `create view v as ${query}`;
const read = (text: string) => postgresqlDialect.parse([{ text, file: 'schema.sql' }]);

describe('deeply nested SQL', () => {
  it.each([
    ['2000 NOTs', check(nested('not ', 2_000, 'id > 0'))],
    ['20000 NOTs', check(nested('not ', 20_000, 'id > 0'))],
    ['3000 calls', check(`${nested('abs(', 3_000, 'id', ')')} > 0`)],
    ['20000 calls', check(`${nested('abs(', 20_000, 'id', ')')} > 0`)],
    ['2000 COALESCEs', check(`${nested('coalesce(', 2_000, 'id', ')')} > 0`)],
    ['2000 arrays', check(`${nested('array[', 2_000, 'id', ']')} is null`)],
    ['1500 CASEs', check(nested('case when id > 0 then ', 1_500, 'true', ' end'))],
    ['1500 queries in FROM', view(nested('select * from (', 1_500, 'select 1 as a', ') x'))],
    ['1500 queries as values', view(nested('select (', 1_500, 'select 1 as a', ') as a'))],
    ['3000 queries as values', view(nested('select (', 3_000, 'select 1 as a', ') as a'))],
    ['3000 UNIONs', view(`select 1 as a${' union select 1'.repeat(3_000)}`)],
    ['20000 UNIONs', view(`select 1 as a${' union select 1'.repeat(20_000)}`)],
    ['1500 WITHs', view(nested('with x as (', 1_500, 'select 1 as a', ') select * from x'))],
    ['1500 joins', view(`select 1 as a from t${' join t on true'.repeat(1_500)}`)],
    ['3000 terms', generated(nested('a + ', 3_000, '1'))],
    ['6000 terms', generated(nested('1 + ', 6_000, '1'))],
    ['1500 casts', generated(`a${'::int'.repeat(1_500)}`)],
    ['1500 signs', generated(nested('- ', 1_500, 'a'))],
  ])('%s are refused with the limit and the place', async (_, statement) => {
    const error: unknown = await read(statement).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(NestedTooDeeply);
    expect(error).toMatchObject({
      code: 'DSEM-2001',
      message: expect.stringMatching(/at most (?:1000 levels|4000 words)/) as string,
      location: { file: 'schema.sql', line: expect.any(Number) as number, column: expect.any(Number) as number },
    });
  });

  it.each([
    ['lists between set operators', view(`select 1 as a, 2 as b${' union select 1, 2'.repeat(20_000)}`)],
    ['terms', generated(nested('1 + ', 6_000, '1'))],
    ['signs', generated(nested('- ', 6_000, 'a'))],
    ['signs after a nested comment', `/* /* */ ' */ ${generated(nested('- ', 6_000, 'a'))}`],
    ['signs after strings', `select 'a\\', e'\\'', $a$'$a$, "'"; ${generated(nested('- ', 6_000, 'a'))}`],
  ])('%s never exhaust the grammar, whose later calls would hang', async (_, statement) => {
    for (let time = 0; time < 60; time++) await expect(read(statement)).rejects.toThrow('at most 4000 words');
    await expect(read('create table t (a int)')).resolves.toBeDefined();
  });

  it.each(['/*', "'", '"', "e'\\", '$a$', '$$ $'])('counts the words of 400000 times %j in one pass', (text) => {
    expect([undefined, 0, 9]).toContain(endlessStatement(`select 1;${text.repeat(400_000)}`));
  });

  const opened = 'at most 100 times "/\\*" can be read';
  it.each([
    ['nested comments', '/*'.repeat(500_000), 'comments nest more than 50 levels', 1, 1],
    ['nested and closed', `\n  ${nested('/*', 250_000, '', '*/')} select 1`, 'comments nest', 2, 3],
    ['one after another', '/**/'.repeat(250_000), opened, 1, 401],
    ['behind an operator', `select 1\n ${'+/**/'.repeat(200_000)} 1`, opened, 2, 503],
    ['in a body', `create function f() returns int language sql as $$ ${'/**/'.repeat(9_000)} $$`, opened, 1, 452],
    ['in a block', `do $$ begin ${'/*'.repeat(9_000)} end $$`, opened, 1, 213],
    ['in an escaped block', `do e'begin ${'\\x2f\\x2a'.repeat(9_000)} end'`, `${opened}.*of the DO block`, 1, 1],
  ])('%s are refused before the lexer, which would stand still over them', async (_, text, message, line, column) => {
    const error: unknown = await read(text).catch((cause: unknown) => cause);
    expect(error).toMatchObject({
      code: 'DSEM-2001',
      message: expect.stringMatching(message) as string,
      location: { file: 'schema.sql', line, column },
    });
  });

  it.each([
    ['100 in one run', '/**/'.repeat(100)],
    ['100 in each of many runs', `${'/**/'.repeat(50)} ${nested('/*', 50, '', '*/')} `.repeat(50)],
    ['50 levels', nested('/*', 50, '', '*/')],
    ['2000 with space between', '/**/ '.repeat(2_000)],
    ['a banner', `/${'*'.repeat(100_000)}/`],
    ['a line of them', `-- ${'=/*'.repeat(90)}\n`],
  ])('lets comments pass: %s', async (_, comments) => {
    await expect(read(`${comments}\ncreate table t (a int)`)).resolves.toBeDefined();
  });

  it('lets long lists pass', async () => {
    const rows = Array.from({ length: 20_000 }, (_, one) => `(${one}, 'a;(' || 'b')`).join(', ');
    await expect(read(`insert into t values ${rows}; create table t (a int)`)).resolves.toBeDefined();
  });

  it('names the statement of several', async () => {
    const text = `create table s (a int);\n  ${check(nested('not ', 2_000, 'id > 0'))}`;
    await expect(read(text)).rejects.toMatchObject({ location: { file: 'schema.sql', line: 2, column: 3 } });
  });

  it.each([
    ['AND', check(Array.from({ length: 300 }, (_, one) => `id <> ${one}`).join(' and '))],
    ['OR', check(Array.from({ length: 300 }, (_, one) => `id = ${one}`).join(' or '))],
    ['||', `create table t (a text, b text generated always as (${nested('a || ', 299, "'x'")}) stored)`],
    ['+', generated(nested('a + ', 299, '1'))],
    ['UNION ALL', view(`select 1 as a${' union all select 1'.repeat(299)}`)],
    ['nested calls', check(`${nested('abs(', 299, 'id', ')')} > 0`)],
    ['nested queries', view(nested('select a from (', 100, 'select 1 as a', ') x'))],
  ])('300 terms of %s are read, and normal', async (_, statement) => {
    const { schema } = await read(statement);
    expect(await postgresqlDialect.normalize(schema)).toEqual(schema);
  });
});
