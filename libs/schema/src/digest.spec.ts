import { build, canonicalJson, digest, footprint, footprintDelta, parseDefinition, sha256 } from './index.js';

const { column, index, named, primaryKey, schema, table, view } = build;

describe('canonicalJson and sha256', () => {
  it('write JSON as RFC 8785 does', () => {
    expect(canonicalJson({ b: [1e21, 1e-7, -0, 'é\u0001'], a: undefined, ö: null })).toBe(
      '{"b":[1e+21,1e-7,0,"é\\u0001"],"ö":null}',
    );
  });
  it('refuse what JSON cannot carry', () => {
    expect(() => canonicalJson(undefined)).toThrow();
    expect(() => canonicalJson([Number.NaN])).toThrow();
  });
  it('agree with the published test vector', () => {
    expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});

describe('digest', () => {
  it('stays the same from release to release', () => {
    const state = schema('postgresql', table('public.users', column('id', 'bigint', { nullable: false })));
    expect(digest(state)).toBe('sha256:4ed2a958d6a340fbd12a931e6a74bed23e2e737616cb103f6a88ffec154920a4');
  });
  it('does not see absent, empty and default apart', () => {
    const bare = { engine: 'postgresql', tables: [{ name: 't', columns: [{ name: 'a', type: 'int' }] }] };
    const full = {
      ...bare,
      views: [],
      tables: [
        { name: 't', comment: '', attributes: {}, columns: [{ name: 'a', type: 'int', nullable: true, fields: [] }] },
      ],
    };
    expect(digest(parseDefinition(full))).toBe(digest(parseDefinition(bare)));
  });
  it('sees the order of keys', () => {
    const keyed = (...keys: string[]): string =>
      digest(schema('postgresql', table('t', column('a', 'int'), column('b', 'int'), primaryKey('k', keys))));
    expect(keyed('a', 'b')).not.toBe(keyed('b', 'a'));
  });
});

describe('footprint', () => {
  const state = schema(
    'postgresql',
    table('public.users', column('id', 'bigint'), primaryKey('users_pkey', ['id']), index('ix', ['id'])),
    view('public.v', 'select 1'),
  );
  it('has a key for each object and sub-object', () => {
    expect([...footprint(state).keys()].toSorted()).toEqual([
      'column public.users.id',
      'index public.users.ix',
      'primary-key public.users.users_pkey',
      'table public.users',
      'view public.v',
    ]);
  });
  it('tells only what differs', () => {
    const without = { ...state, tables: state.tables.map((t) => ({ ...t, ...named('public.users'), indexes: [] })) };
    const delta = footprintDelta(state, without);
    expect(delta).toEqual({
      before: { 'index public.users.ix': footprint(state).get('index public.users.ix') },
      after: { 'index public.users.ix': null },
    });
  });
});
