import type { Refusal } from '@dsem/schema';
import { postgresqlDialect } from './index.js';

const refusalOf = async (text: string): Promise<Refusal> => {
  try {
    await postgresqlDialect.parse([{ text, file: 'schema.sql' }]);
  } catch (error) {
    return error as Refusal;
  }
  throw new Error('nothing was refused');
};

const made =
  'create text search dictionary d (template = simple); create text search configuration c (copy = simple);' +
  'alter text search configuration c alter mapping for word with d;';

describe('text search', () => {
  it.each([
    ['create text search dictionary d (accept = false)', 'DSEM-2004', 'public.d', 'has no template'],
    ['create text search dictionary d (template = magic)', 'DSEM-2004', 'public.magic', 'is not defined'],
    ['create text search configuration c (copy = klingon)', 'DSEM-2004', 'public.klingon', 'is not defined'],
    ['create text search template t (init = dsimple_init)', 'DSEM-2004', 'public.t', 'has no lexize'],
    ['create text search parser p (start = prsd_start, colour = red)', 'DSEM-2004', 'public.p', 'no property colour'],
    [`${made} drop text search dictionary d`, 'DSEM-2004', 'text-search-dictionary public.d', 'public.c needs it'],
    [
      `${made} alter text search configuration c add mapping for word with d`,
      'DSEM-2004',
      'public.c',
      'maps word already',
    ],
    [`${made} alter text search configuration c drop mapping for tag`, 'DSEM-2004', 'public.c', 'maps no tag'],
    [`${made} alter text search configuration c add mapping for noun with d`, 'DSEM-2004', 'public.c', 'knows no noun'],
    [
      `${made} create text search configuration c (copy = simple)`,
      'DSEM-2004',
      'text-search-configuration public.c',
      'twice',
    ],
  ])('%j is refused by name', async (text, code, object, words) => {
    const refusal = await refusalOf(text);
    expect([refusal.code, refusal.object]).toEqual([code, object]);
    expect(refusal.message).toContain(words);
  });
});
