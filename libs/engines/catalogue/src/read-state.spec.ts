import { parseDefinition } from '@dsem/schema';
import { readDefinition, readState, type DefinitionInput } from './read-state.js';

const some = (count: number, one: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => one(at)).join();
const mood = (labels: number): string => `CREATE TYPE mood AS ENUM (${some(labels, (at) => `'l${at}'`)});`;
const wide = (columns: number): string => `CREATE TABLE wide (${some(columns, (at) => `c${at} integer`)});`;
const wideJson = (count: number) => ({
  tables: [
    {
      namespace: 'public',
      name: 'wide',
      columns: Array.from({ length: count }, (_, at) => ({
        name: `c${at}`,
        type: { native: 'integer', canonical: { kind: 'int', bits: 32 } },
        nullable: true,
      })),
    },
  ],
});

describe('a definition that is too large', () => {
  it.each<[string, DefinitionInput, string, string, RegExp]>([
    ['an enum', mood(20_001), 'DSEM-2003', 'public.mood', /public\.mood: labels holds 20001 values, more than 20000/],
    ['a table', wide(1601), 'DSEM-2002', 'public.wide', /public\.wide has 1601 columns, and postgresql allows 1600/],
    ['a table of anything', wide(20_001), 'DSEM-2003', 'public.wide', /public\.wide: columns holds 20001 values/],
    ['a table in JSON', wideJson(1601), 'DSEM-2002', 'public.wide', /1601 columns, and postgresql allows 1600/],
  ])('is refused by its object and the limit: %s', async (_, input, code, object, message) => {
    await expect(readDefinition('postgresql', input)).rejects.toMatchObject({
      code,
      object,
      message: expect.stringMatching(message) as string,
    });
  });

  it.each([
    ['an enum', mood(20_000)],
    ['a table', wide(1600)],
  ])('is one part more than what is taken and read again: %s', async (_, text) => {
    const state = await readState('postgresql', text);
    expect(parseDefinition(JSON.parse(JSON.stringify(state)))).toEqual(state);
  });
});
