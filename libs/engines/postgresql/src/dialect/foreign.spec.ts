import type { Refusal, Schema } from '@dsem/schema';
import { postgresqlDialect } from './index.js';

const server = "create foreign data wrapper w; create server s foreign data wrapper w options (host 'h', sslkey 'k1');";
const mapped = `${server} create user mapping for bob server s options (user 'bob', password 'k2', passcode 'k3', token 'k4');`;
const table = `${mapped} create foreign table t (a int options (secret_key 'k9', n 'y')) server s options (api_key 'k5', name 'x');`;

const refusalOf = async (text: string): Promise<Refusal> => {
  try {
    await postgresqlDialect.parse([{ text, file: 'schema.sql' }]);
  } catch (error) {
    return error as Refusal;
  }
  throw new Error('nothing was refused');
};

describe('data elsewhere', () => {
  it('keeps no option that may hold a secret, and says so', async () => {
    const { schema, notes } = await postgresqlDialect.parse([
      { text: `${table} alter user mapping for bob server s options (set password 'k6');` },
    ]);
    expect(notes.map(({ message }) => message)).toEqual([
      'left out the option sslkey of server s: it may hold a secret',
      'left out the option password of user-mapping "bob on s": it may hold a secret (2 times, the first here)',
      'left out the option passcode of user-mapping "bob on s": it may hold a secret',
      'left out the option token of user-mapping "bob on s": it may hold a secret',
      'left out the option api_key of foreign table public.t: it may hold a secret',
      'left out the option secret_key of column public.t.a: it may hold a secret',
    ]);
    expect(JSON.stringify([schema, postgresqlDialect.print(schema)])).not.toMatch(/k\d/u);
    expect(postgresqlDialect.print(schema).slice(-2)).toEqual([
      'CREATE FOREIGN TABLE "public"."t" (\n  "a" integer OPTIONS ("n" \'y\')\n) SERVER "s" OPTIONS ("name" \'x\')',
      'CREATE USER MAPPING FOR "bob" SERVER "s" OPTIONS ("user" \'bob\')',
    ]);
  });

  it('takes a secret out of a state from elsewhere', async () => {
    const { schema } = await postgresqlDialect.parse([{ text: table }]);
    const text = JSON.stringify(schema)
      .replaceAll('"user":"bob"', '"password":"k7","user":"bob"')
      .replaceAll('"name":"x"', '"secret":"k8"')
      .replaceAll('"n":"y"', '"auth_token":"k6"');
    expect(new Set(text.match(/k\d/gu))).toEqual(new Set(['k6', 'k7', 'k8']));
    expect(JSON.stringify(await postgresqlDialect.normalize(JSON.parse(text) as Schema))).not.toMatch(/k\d/u);
  });

  it.each([
    [`${server} create user mapping for current_user server s`, 'DSEM-2002', 's', 'name the user'],
    [`${server} import foreign schema x from server s into public`, 'DSEM-2002', 's', 'CREATE FOREIGN TABLE'],
    [`${mapped} drop server s`, 'DSEM-2004', 'server s', 'user-mapping "bob on s" needs it'],
    [`${table} drop user mapping for bob server s; drop server s`, 'DSEM-2004', 'server s', 't needs it'],
    ['create foreign table t (a int) server s', 'DSEM-2004', 's', 'The server s is not defined'],
    [`${server} create server s foreign data wrapper w`, 'DSEM-2004', 'server s', 'is defined twice'],
    [
      `${server} alter foreign data wrapper x no handler`,
      'DSEM-2004',
      'x',
      'The foreign data wrapper x is not defined',
    ],
  ])('%j is refused by name', async (text, code, object, words) => {
    const refusal = await refusalOf(text);
    expect([refusal.code, refusal.object]).toEqual([code, object]);
    expect(refusal.message).toContain(words);
  });

  it('lets a dropped server take its mappings and tables along by CASCADE, and a renamed one keep them', async () => {
    const dropped = await postgresqlDialect.parse([{ text: `${table} drop server s cascade` }]);
    expect([dropped.schema.tables, dropped.schema.others.map(({ name }) => name)]).toEqual([[], ['w']]);
    const renamed = await postgresqlDialect.parse([{ text: `${table} alter server s rename to z` }]);
    expect(renamed.schema.others.map(({ name }) => name)).toEqual(['w', 'z', 'bob on z']);
    expect(renamed.schema.tables[0]?.attributes?.['server']).toBe('z');
  });
});
