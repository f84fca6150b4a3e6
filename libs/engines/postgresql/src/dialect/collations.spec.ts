import type { Refusal } from '@dsem/schema';
import { icuLocale } from './normalize/icu-locale.js';
import { postgresqlDialect } from './index.js';

const refusalOf = async (text: string): Promise<Refusal> => {
  try {
    await postgresqlDialect.parse([{ text, file: 'schema.sql' }]);
  } catch (error) {
    return error as Refusal;
  }
  throw new Error('nothing was refused');
};

const made = "create collation c (provider = icu, locale = 'de'); create table t (a text collate c);";

describe('collations', () => {
  it.each([
    ['', 'und'],
    ['en_US', 'en-US'],
    ['zh_Hans_CN', 'zh-Hans-CN'],
    ['de@collation=phonebook;colNumeric=yes', 'de-u-co-phonebk-kn-true'],
    ['fr_FR@colStrength=primary', 'fr-FR-u-ks-level1'],
    ['en-US-u-kn-ks-level1', 'en-US-u-kn-true-ks-level1'],
    ['und-u-ks-level2-kn-true', 'und-u-kn-true-ks-level2'],
    ['sv@colCaseFirst=upper;colReorder=grek', 'sv-u-kf-upper-kr-grek'],
  ])('%j is the locale %j, as servers from 16 on say it', (text, tag) => {
    expect(icuLocale(text)).toBe(tag);
    expect(icuLocale(tag)).toBe(tag);
  });

  it.each([
    ['create collation c (provider = icu)', 'DSEM-2004', 'public.c', 'has no locale'],
    ["create collation c (provider = magic, locale = 'x')", 'DSEM-2002', 'public.c', 'provider magic'],
    ["create collation c (locale = 'C', colour = red)", 'DSEM-2002', 'public.c', 'option colour'],
    ['create collation c from "en_US.utf8"', 'DSEM-2002', 'public.c', 'copies the collation en_US.utf8'],
    [`${made} create collation c (locale = 'C')`, 'DSEM-2004', 'collation public.c', 'is defined twice'],
    [`${made} drop collation c`, 'DSEM-2004', 'collation public.c', 'public.t.a needs it'],
    [`${made} alter collation d rename to e`, 'DSEM-2004', 'public.d', 'The collation public.d is not defined'],
    ['create type s (input = f, output = g)', 'DSEM-2002', 'public.s', 'CREATE TYPE'],
  ])('%j is refused by name', async (text, code, object, words) => {
    const refusal = await refusalOf(text);
    expect([refusal.code, refusal.object]).toEqual([code, object]);
    expect(refusal.message).toContain(words);
  });
});
