import { postgresqlDialect } from '@dsem/engine-postgresql';
import type { Actor, Rename } from '@dsem/schema';
import { assess, type Bump, type CompatibilityMode, compatibilityModes, type CompatibilityReport } from './index.js';

const T = (...columns: string[]): string =>
  `create table t (id int primary key${columns.map((one) => `, ${one}`).join('')});`;
const U = 'create table u (id int primary key);';

/** Broken actors, what modes are left, and the number; each row is one change with both ends. */
type Row = readonly [
  change: string,
  from: string,
  to: string,
  broken: string,
  allowed: string,
  bump: Bump,
  renames?: readonly Rename[],
];

/**
 * Change kind x actor x mode: old reader, old writer, new reader, new writer. A rule that a person has to clean rows for
 * counts those rows as cleaned, because the plan proves it before the change takes effect.
 */
const rows: readonly Row[] = [
  ['add a nullable column', T(), T('a text'), '', 'backward forward full', 'minor'],
  ['add a column with a default', T(), T("a text not null default 'x'"), '', 'backward forward full', 'minor'],
  ['add a generated column', T(), T('a int generated always as (id + 1) stored'), '', 'backward forward full', 'minor'],
  ['add an identity column', T(), T('a int generated always as identity'), '', 'backward forward full', 'minor'],
  ['add a required column', T(), T('a text not null'), 'OW NR', '', 'major'],
  ['drop an optional column', T('a text'), T(), 'OR OW', 'backward', 'major'],
  ['drop a required column', T('a text not null'), T(), 'OR OW', 'backward', 'major'],
  [
    'rename a column',
    T('a text'),
    T('b text'),
    'OR OW NR',
    '',
    'major',
    [{ kind: 'column', from: 'public.t.a', to: 'public.t.b' }],
  ],
  [
    'rename a table',
    U,
    'create table w (id int primary key);',
    'OR OW NR',
    '',
    'major',
    [{ kind: 'table', from: 'public.u', to: 'public.w' }],
  ],
  ['widen a type', T('a int'), T('a bigint'), 'OR', 'backward', 'minor'],
  ['lengthen a string', T('a varchar(10)'), T('a varchar(20)'), 'OR', 'backward', 'minor'],
  ['narrow a type', T('a bigint'), T('a int'), 'OW NR', '', 'major'],
  ['shorten a string', T('a varchar(20)'), T('a varchar(10)'), 'OW NR', '', 'major'],
  ['change the family of a type', T('a text'), T('a int'), 'OR OW NR NW', '', 'major'],
  [
    'give a table to another role',
    `${U}alter table u owner to a;`,
    `${U}alter table u owner to b;`,
    '',
    'backward forward full',
    'minor',
  ],
  ['set NOT NULL', T('a text'), T('a text not null'), 'OW', 'backward', 'major'],
  ['drop NOT NULL', T('a text not null'), T('a text'), 'OR', 'backward', 'minor'],
  ['add a check', T('a int'), T('a int, check (a > 0)'), 'OW', 'backward', 'major'],
  ['drop a check', T('a int, constraint c check (a > 0)'), T('a int'), 'OR', 'backward', 'minor'],
  ['add a foreign key', U + T('a int'), U + T('a int references u'), 'OW', 'backward', 'major'],
  ['drop a foreign key', U + T('a int references u'), U + T('a int'), 'OR', 'backward', 'minor'],
  ['add a unique constraint', T('a int'), T('a int unique'), 'OW', 'backward', 'major'],
  ['drop a unique constraint', T('a int unique'), T('a int'), 'OR', 'backward', 'minor'],
  ['add a unique index', T('a int'), `${T('a int')}create unique index i on t (a);`, 'OW', 'backward', 'major'],
  ['change a default', T("a text default 'x'"), T("a text default 'y'"), '', 'backward forward full', 'minor'],
  ['set a default', T('a text'), T("a text default 'y'"), '', 'backward forward full', 'minor'],
  ['drop a default of a nullable column', T("a text default 'x'"), T('a text'), '', 'backward forward full', 'minor'],
  [
    'drop a default of a required column',
    T("a text not null default 'x'"),
    T('a text not null'),
    'OW',
    'backward',
    'major',
  ],
  [
    'change the primary key',
    T('a int not null'),
    'create table t (id int not null, a int not null, primary key (id, a));',
    'OR OW NR',
    '',
    'major',
  ],
  ['add a table', '', U, '', 'backward forward full', 'minor'],
  ['drop a table', U, '', 'OR OW', 'backward', 'major'],
  ['add a view', U, `${U}create view v as select id from u;`, '', 'backward forward full', 'minor'],
  ['drop a view', `${U}create view v as select id from u;`, U, 'OR OW', 'backward', 'major'],
  [
    'append a column to a view',
    `${T('a int')}create view v as select id from t;`,
    `${T('a int')}create view v as select id, a from t;`,
    '',
    'backward forward full',
    'minor',
  ],
  [
    'remove a column of a view',
    `${T('a int')}create view v as select id, a from t;`,
    `${T('a int')}create view v as select id from t;`,
    'OR OW',
    'backward',
    'major',
  ],
  [
    'reorder the columns of a view',
    `${T('a int')}create view v as select id, a from t;`,
    `${T('a int')}create view v as select a, id from t;`,
    'OR OW',
    'backward',
    'major',
  ],
  ['add an index', T('a int'), `${T('a int')}create index i on t (a);`, '', 'backward forward full', 'patch'],
  ['drop an index', `${T('a int')}create index i on t (a);`, T('a int'), '', 'backward forward full', 'patch'],
  [
    'add an overload',
    "create function f(a int) returns int language sql as 'select 1';",
    "create function f(a int) returns int language sql as 'select 1'; create function f(a text) returns int language sql as 'select 1';",
    '',
    'backward forward full',
    'minor',
  ],
  [
    'change the result of a routine',
    "create function f(a int) returns int language sql as 'select 1';",
    "create function f(a int) returns text language sql as 'select 1::text';",
    'OR OW',
    'backward',
    'major',
  ],
  [
    'drop a routine',
    "create function f(a int) returns int language sql as 'select 1';",
    '',
    'OR OW',
    'backward',
    'major',
  ],
  [
    'append a label to an enum',
    "create type m as enum ('a');",
    "create type m as enum ('a', 'b');",
    'OR',
    'backward',
    'minor',
  ],
  [
    'remove a label of an enum',
    "create type m as enum ('a', 'b');",
    "create type m as enum ('a');",
    'OW NR',
    '',
    'major',
  ],
  [
    'add a field to a composite type',
    'create type p as (x int);',
    'create type p as (x int, y int);',
    'OR',
    'backward',
    'minor',
  ],
  ['change a collation', T('a text'), T('a text collate "C"'), 'OR OW NR', '', 'major'],
  [
    'tighten row security',
    T('a int'),
    `${T('a int')}alter table t enable row level security;`,
    'OR OW',
    'backward',
    'major',
  ],
  [
    'loosen row security',
    `${T('a int')}alter table t enable row level security;`,
    T('a int'),
    '',
    'backward forward full',
    'minor',
  ],
  ['grant', T('a int'), `${T('a int')}grant select on t to app;`, '', 'backward forward full', 'minor'],
  ['revoke', `${T('a int')}grant select on t to app;`, T('a int'), 'OR', 'backward', 'major'],
  ['comment', T('a int'), `${T('a int')}comment on table t is 'x';`, '', 'backward forward full', 'patch'],
  [
    'change statistics of a column',
    T('a int'),
    `${T('a int')}alter table t alter a set statistics 500;`,
    '',
    'backward forward full',
    'patch',
  ],
  [
    'change the cache of a sequence',
    'create sequence s;',
    'create sequence s cache 10;',
    '',
    'backward forward full',
    'patch',
  ],
];

const judge = async (
  from: string,
  to: string,
  mode: CompatibilityMode,
  renames: readonly Rename[] = [],
): Promise<CompatibilityReport> => {
  const [before, after] = await Promise.all([from, to].map((text) => postgresqlDialect.parse([{ text }])));
  return assess({ dialect: postgresqlDialect, from: [before!.schema], to: after!.schema, mode, renames });
};

const actors: readonly Actor[] = ['OR', 'OW', 'NR', 'NW'];
const plainModes = compatibilityModes.filter((mode) => mode !== 'none' && !mode.endsWith('-transitive'));

describe('change kind x actor x mode', () => {
  it.each(rows.map((row) => [row[0], row] as const))('%s', async (_change, row) => {
    const [, from, to, broken, allowed, bump, renames = []] = row;
    const reports = await Promise.all(plainModes.map((mode) => judge(from, to, mode, renames)));
    const [report] = reports;
    const hit = new Set(
      report!.findings.flatMap((finding) => (finding.severity === 'info' ? [] : (finding.actors ?? []))),
    );
    expect({
      broken: actors.filter((actor) => hit.has(actor)).join(' '),
      allowed: plainModes.filter((_, at) => reports[at]!.compatible).join(' '),
      bump: report!.semver,
    }).toEqual({ broken, allowed, bump });
    expect((await judge(from, to, 'none', renames)).compatible).toBe(true);
    const transitive = await Promise.all(
      plainModes.map((mode) => judge(from, to, `${mode}-transitive` as CompatibilityMode, renames)),
    );
    expect(transitive.map(({ compatible }) => compatible)).toEqual(reports.map(({ compatible }) => compatible));
  });
});
