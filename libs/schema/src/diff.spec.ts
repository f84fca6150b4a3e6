import {
  type Change,
  type DiffAnswers,
  type Rename,
  type Schema,
  applyChanges,
  build,
  changeKinds,
  diff,
  digest,
  invert,
} from './index.js';

const { check, column, enumeration, extension, field, foreignKey, grant, index, named, namespace, object, own } = build;
const { partitionBy, policy, primaryKey, routine, schema, sequence, table, trigger, type, unique, view } = build;

const ask: DiffAnswers = { sameType: (a, b) => a.native === b.native };
const pg = (...parts: readonly build.SchemaPart[]): Schema => schema('postgresql', ...parts);
const users = (...parts: readonly build.TablePart[]): Schema =>
  pg(table('public.users', column('id', 'bigint'), ...parts));
const mail = (options: Parameters<typeof column>[2] = {}, native = 'text'): Schema =>
  users(column('mail', native, options));
const told = (changes: readonly Change[]): readonly string[] =>
  changes.map(({ kind, object: path }) => `${kind} ${path}`);

/** An engine whose partitions and children are tables of their own: what they leave behind is theirs. */
const family: DiffAnswers = {
  ...ask,
  withoutParents: ({ partitionOf: _, inherits: __, ...rest }, _parents, state) => ({
    ...rest,
    columns: state.tables.find(({ name }) => name === 'all')?.columns ?? [],
  }),
};
const all = (...parts: readonly build.TablePart[]): build.SchemaPart => table('all', column('id', 'bigint'), ...parts);
const bound = (text: string): build.TablePart => own({ partitionOf: { name: 'all', bound: text } });
const one = column('id', 'bigint');
const families: readonly (readonly [title: string, from: Schema, to: Schema, changes: readonly string[]])[] = [
  [
    'a table that becomes a partition',
    pg(all(), table('t', one)),
    pg(all(), table('t', bound('1'))),
    ['attach-partition t'],
  ],
  ['a partition that leaves', pg(all(), table('t', bound('1'))), pg(all(), table('t', one)), ['detach-partition t']],
  [
    'a partition with another bound',
    pg(all(), table('t', bound('1'))),
    pg(all(), table('t', bound('2'))),
    ['detach-partition t', 'attach-partition t'],
  ],
  [
    'a table that inherits',
    pg(all(), table('t', one)),
    pg(all(), table('t', one, own({ inherits: [{ name: 'all' }] }))),
    ['inherit-parent t'],
  ],
  [
    'a table that leaves its parent and gets a column',
    pg(all(), table('t', own({ inherits: [{ name: 'all' }] }))),
    pg(all(), table('t', one, column('own', 'text'))),
    ['leave-parent t', 'add-column t.own'],
  ],
  [
    'what differs in an inherited column',
    pg(all(), table('t', bound('1'))),
    pg(all(), table('t', bound('1'), own({ overrides: [{ name: 'id', default: '1' }] }))),
    ['alter-table t'],
  ],
  [
    'the order of parents, which is none',
    pg(all(), table('t', own({ inherits: [{ name: 'all' }, { name: 'b' }] }))),
    pg(all(), table('t', own({ inherits: [{ name: 'b' }, { name: 'all' }] }))),
    [],
  ],
];

const u = 'public.users';
const rows: readonly (readonly [title: string, from: Schema, to: Schema, changes: readonly string[]])[] = [
  ['namespace', pg(), pg(namespace('sales')), ['create-namespace sales']],
  ['namespace comment', pg(namespace('s')), pg(namespace('s', { comment: 'x' })), ['alter-namespace s']],
  ['extension', pg(), pg(extension('public.citext')), ['create-extension citext']],
  [
    'extension that moves is altered',
    pg(extension('public.citext')),
    pg(extension('ext.citext')),
    ['alter-extension citext'],
  ],
  ['type', pg(), pg(enumeration('public.mood', ['a'])), ['create-type public.mood']],
  ['enum labels', pg(enumeration('m', ['a'])), pg(enumeration('m', ['a', 'b'])), ['alter-type m']],
  [
    'a type of another kind is replaced',
    pg(enumeration('m', ['a'])),
    pg(type({ name: 'm', kind: 'struct', fields: [field('x', 'text')] })),
    ['drop-type m', 'create-type m'],
  ],
  ['sequence', pg(sequence('s')), pg(sequence('s', { options: { start: '5' } })), ['alter-sequence s']],
  ['table', pg(), users(), [`create-table ${u}`]],
  ['table dropped', users(), pg(), [`drop-table ${u}`]],
  ['table comment', users(), users(own({ comment: 'people' })), [`alter-table ${u}`]],
  ['partitioning', users(), users(partitionBy('range', ['id'])), [`alter-table ${u}`]],
  ['column', users(), mail(), [`add-column ${u}.mail`]],
  ['column dropped', mail(), users(), [`drop-column ${u}.mail`]],
  ['type of a column', mail(), mail({}, 'varchar(9)'), [`change-column-type ${u}.mail`]],
  ['not null', mail(), mail({ nullable: false }), [`set-not-null ${u}.mail`]],
  ['nullable', mail({ nullable: false }), mail(), [`drop-not-null ${u}.mail`]],
  ['default set', mail(), mail({ default: `''` }), [`set-default ${u}.mail`]],
  ['default changed', mail({ default: `'a'` }), mail({ default: `''` }), [`change-default ${u}.mail`]],
  ['default dropped', mail({ default: `''` }), mail(), [`drop-default ${u}.mail`]],
  ['identity', mail(), mail({ identity: { always: true } }), [`change-identity ${u}.mail`]],
  ['generated', mail(), mail({ generated: { expression: 'x', stored: true } }), [`change-generated ${u}.mail`]],
  ['column comment', mail(), mail({ comment: 'e-mail' }), [`alter-column ${u}.mail`]],
  ['column attributes', mail(), mail({ attributes: { collation: 'C' } }), [`alter-column ${u}.mail`]],
  [
    'every aspect of a column, in an order a database accepts',
    mail({ default: `'0'`, nullable: true }),
    mail({ default: '0', nullable: false, comment: 'number' }, 'integer'),
    [
      `drop-default ${u}.mail`,
      `change-column-type ${u}.mail`,
      `set-default ${u}.mail`,
      `set-not-null ${u}.mail`,
      `alter-column ${u}.mail`,
    ],
  ],
  [
    'an identity that becomes a default goes first',
    mail({ identity: { always: false } }),
    mail({ default: '1' }),
    [`change-identity ${u}.mail`, `set-default ${u}.mail`],
  ],
  ['primary key', users(), users(primaryKey('pk', ['id'])), [`add-primary-key ${u}.pk`]],
  [
    'a primary key with another name is altered',
    users(primaryKey('pk', ['id'])),
    users(primaryKey('users_pkey', ['id'])),
    [`alter-primary-key ${u}.pk`],
  ],
  [
    'a primary key over other columns is replaced',
    users(column('b', 'int'), primaryKey('pk', ['id'])),
    users(column('b', 'int'), primaryKey('pk', ['b'])),
    [`drop-primary-key ${u}.pk`, `add-primary-key ${u}.pk`],
  ],
  ['unique', users(), users(unique('uq', ['id'])), [`add-unique ${u}.uq`]],
  [
    'unique comment',
    users(unique('uq', ['id'])),
    users(unique('uq', ['id'], { comment: 'x' })),
    [`alter-unique ${u}.uq`],
  ],
  ['check', users(), users(check('ck', 'id > 0')), [`add-check ${u}.ck`]],
  [
    'another check under the same name is replaced',
    users(check('ck', 'id > 0')),
    users(check('ck', 'id > 1')),
    [`drop-check ${u}.ck`, `add-check ${u}.ck`],
  ],
  [
    'a check that becomes validated is altered',
    users(check('ck', 'id > 0', { validated: false })),
    users(check('ck', 'id > 0')),
    [`alter-check ${u}.ck`],
  ],
  [
    'a check that loses its proof is replaced',
    users(check('ck', 'id > 0')),
    users(check('ck', 'id > 0', { validated: false })),
    [`drop-check ${u}.ck`, `add-check ${u}.ck`],
  ],
  ['foreign key', users(), users(foreignKey('fk', ['id'], u, ['id'])), [`add-foreign-key ${u}.fk`]],
  [
    'a foreign key with another action is replaced',
    users(foreignKey('fk', ['id'], u, ['id'])),
    users(foreignKey('fk', ['id'], u, ['id'], { onDelete: 'cascade' })),
    [`drop-foreign-key ${u}.fk`, `add-foreign-key ${u}.fk`],
  ],
  [
    'foreign key comment',
    users(foreignKey('fk', ['id'], u, ['id'])),
    users(foreignKey('fk', ['id'], u, ['id'], { comment: 'x' })),
    [`alter-foreign-key ${u}.fk`],
  ],
  ['index', users(), users(index('ix', ['id'])), [`create-index ${u}.ix`]],
  ['index comment', users(index('ix', ['id'])), users(index('ix', ['id'], { comment: 'x' })), [`alter-index ${u}.ix`]],
  [
    'an index with other keys is replaced',
    users(index('ix', ['id'])),
    users(index('ix', [{ column: 'id', order: 'desc' }])),
    [`drop-index ${u}.ix`, `create-index ${u}.ix`],
  ],
  ['view', pg(view('v', 'select 1')), pg(view('v', 'select 2')), ['alter-view v']],
  [
    'an overload is another routine',
    pg(routine('f', 'integer', 'select 1')),
    pg(routine('f', 'text', 'select 1')),
    ['create-routine f(text)', 'drop-routine f(integer)'],
  ],
  ['routine body', pg(routine('f', '', 'select 1')), pg(routine('f', '', 'select 2')), ['alter-routine f()']],
  ['trigger', pg(trigger('t', u, 'x')), pg(trigger('t', u, 'y')), [`alter-trigger ${u}.t`]],
  ['policy', pg(policy('p', u)), pg(policy('p', u, { command: 'select' })), [`alter-policy ${u}.p`]],
  ['grant', pg(grant('app', u, ['select'])), pg(grant('app', u, ['insert'])), [`alter-grant app on ${u}`]],
  [
    'engine object itself',
    pg(object('collation', 'de', {})),
    pg(object('collation', 'de', { a: 1 })),
    ['alter-object collation de'],
  ],
  [
    'new sequence, policy and grant',
    pg(),
    pg(sequence('s'), policy('p', u), grant('app', u, [])),
    ['create-sequence s', `create-policy ${u}.p`, `create-grant app on ${u}`],
  ],
  ['engine object', pg(), pg(object('collation', 'de', {})), ['create-object collation de']],
  [
    'dependents go first and owners last',
    pg(
      namespace('s'),
      table('s.t', column('a', 'm')),
      enumeration('m', ['x']),
      view('v', 'select'),
      trigger('x', 's.t', 'y'),
    ),
    pg(),
    ['drop-trigger s.t.x', 'drop-view v', 'drop-table s.t', 'drop-type m', 'drop-namespace s'],
  ],
];

describe('diff', () => {
  it.each(rows)('tells of a changed %s', (_title, from, to, changes) => {
    const found = diff(from, to, ask);
    expect(told(found)).toEqual(changes);
    expect(digest(applyChanges(from, found))).toBe(digest(to));
  });

  it.each(families)('tells of %s', (_title, from, to, changes) => {
    const found = diff(from, to, family);
    expect(told(found)).toEqual(changes);
    expect(digest(applyChanges(from, found))).toBe(digest(to));
    expect(digest(applyChanges(to, found.toReversed().map(invert)))).toBe(digest(from));
  });

  it('has a row for every kind of change, forward or backward; renames have their own', () => {
    const covered = rows.flatMap(([, from, to]) => [...diff(from, to, ask), ...diff(to, from, ask)].map((c) => c.kind));
    const parents = families.flatMap(([, from, to]) => diff(from, to, family).map((c) => c.kind));
    expect([...new Set([...covered, ...parents, 'rename-table', 'rename-column'])].toSorted()).toEqual(
      changeKinds.toSorted(),
    );
  });

  it('refuses states of two engines', () => {
    expect(() => diff(pg(), schema('mysql'), ask)).toThrow(expect.objectContaining({ code: 'DSEM-2005' }));
  });

  it('asks the dialect whether types, attributes and parts are the same', () => {
    const lenient: DiffAnswers = { sameType: () => true, sameColumnAttributes: () => true, canAlter: () => true };
    expect(diff(mail(), mail({ attributes: { collation: 'C' } }, 'varchar'), lenient)).toEqual([]);
    const changes = diff(users(index('ix', ['id'])), users(index('ix', ['id'], { method: 'hash' })), lenient);
    expect(told(changes)).toEqual([`alter-index ${u}.ix`]);
  });
});

describe('the place of a column', () => {
  const abc = (...names: readonly string[]): Schema => pg(table('t', ...names.map((name) => column(name, 'int'))));
  it.each([
    ['at the end', ['a'], ['a', 'b'], [{}]],
    ['behind another one', ['a', 'z'], ['a', 'b', 'z'], [{ after: 'a' }]],
    ['in front', ['z'], ['a', 'z'], [{ first: true }]],
    ['dropped in front', ['a', 'z'], ['z'], [{ first: true }]],
    ['dropped at the end', ['a', 'z'], ['a'], [{}]],
    ['two in a row', ['a', 'z'], ['a', 'b', 'c', 'z'], [{ after: 'a' }, { after: 'b' }]],
  ] as const)('%s', (_title, from, to, places) => {
    const changes = diff(abc(...from), abc(...to), ask);
    expect(
      changes.map((c) => ({ ...('after' in c && { after: c.after }), ...('first' in c && { first: c.first }) })),
    ).toEqual(places);
    expect(applyChanges(abc(...from), changes).tables[0]?.columns.map(({ name }) => name)).toEqual(to);
  });
});

describe('renames', () => {
  const before = pg(
    table(
      'public.users',
      column('mail', 'text'),
      primaryKey('pk', ['mail']),
      check('ck', `(length(mail) > 3 and mail <> 'mail')`),
      index('ix', [{ expression: 'lower(mail)' }], { include: ['mail'], predicate: 'mail is not null' }),
    ),
    table('public.logins', column('who', 'text'), foreignKey('fk', ['who'], 'public.users', ['mail'])),
    trigger('t', 'public.users', 'x'),
    grant('app', 'public.users', ['select']),
    sequence('public.s', { ownedBy: { ...named('public.users'), column: 'mail' } }),
  );
  const after = pg(
    table(
      'public.people',
      column('address', 'text'),
      primaryKey('pk', ['address']),
      check('ck', `(length(address) > 3 and address <> 'mail')`),
      index('ix', [{ expression: 'lower(address)' }], { include: ['address'], predicate: 'address is not null' }),
    ),
    table('public.logins', column('who', 'text'), foreignKey('fk', ['who'], 'public.people', ['address'])),
    trigger('t', 'public.people', 'x'),
    grant('app', 'public.people', ['select']),
    sequence('public.s', { ownedBy: { ...named('public.people'), column: 'address' } }),
  );
  const declared: readonly Rename[] = [
    { kind: 'column', from: 'public.users.mail', to: 'public.people.address' },
    { kind: 'table', from: 'public.users', to: 'public.people' },
  ];

  it('are carried out where declared, and everything that refers to the object follows', () => {
    const changes = diff(before, after, ask, declared);
    expect(told(changes)).toEqual(['rename-table public.users', 'rename-column public.people.mail']);
    expect(applyChanges(before, changes)).toEqual(after);
  });

  it('are never guessed', () => {
    expect(diff(before, after, ask).map(({ kind }) => kind)).not.toContain('rename-table');
  });

  it.each<Rename>([
    { kind: 'table', from: 'public.nobody', to: 'public.people' },
    { kind: 'table', from: 'public.users', to: 'public.nobody' },
    { kind: 'column', from: 'public.users.nothing', to: 'public.people.address' },
    { kind: 'column', from: 'public.logins.who', to: 'public.people.address' },
    { kind: 'table', from: 'public.users', to: 'public.logins' },
  ])('with impossible ends are refused: %j', (rename) => {
    expect(() => diff(before, after, ask, [rename])).toThrow(expect.objectContaining({ code: 'DSEM-2004' }));
  });
});
