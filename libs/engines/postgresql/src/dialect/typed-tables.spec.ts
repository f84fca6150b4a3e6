import type { Refusal } from '@dsem/schema';
import { postgresqlDialect as dialect } from './index.js';

const before = 'CREATE TYPE person AS (id integer, name text); CREATE TABLE people OF person; ';

describe('a typed table', () => {
  it.each([
    ['ALTER TABLE people ADD COLUMN more integer', 'public.people is typed'],
    ['ALTER TABLE people DROP COLUMN name', 'public.people is typed'],
    ['ALTER TABLE people RENAME COLUMN name TO called', 'public.people is typed'],
    ['ALTER TABLE people ALTER COLUMN id TYPE bigint', 'public.people is typed'],
    ['ALTER TYPE person ADD ATTRIBUTE more integer CASCADE', 'public.people is a table of this type'],
    ['ALTER TYPE person RENAME ATTRIBUTE name TO called CASCADE', 'public.people is a table of this type'],
    ['DROP TYPE person', 'public.people is a table of it'],
    ['DROP TYPE person CASCADE', 'would take along a typed table'],
    ['CREATE TABLE t OF absent', 'public.absent is not defined'],
    ["CREATE TYPE mood AS ENUM ('good'); CREATE TABLE t OF mood", 'public.mood is not a composite type'],
    ['CREATE TABLE t (name text, id integer); ALTER TABLE t OF person', 'not those of the type public.person'],
    ['CREATE TABLE t (id integer); ALTER TABLE t NOT OF', 'public.t is not typed'],
    ['CREATE TABLE t OF person (more WITH OPTIONS NOT NULL)', 'public.t.more is not defined'],
  ])('refuses %s', async (text, words) => {
    const refusal = await dialect.parse([{ text: before + text }]).then(
      () => undefined,
      (error: unknown) => error as Refusal,
    );
    expect(refusal?.message).toContain(words);
  });
});
