import fc from 'fast-check';
import { type Schema, build, checkConsistency, definitionShape, parseDefinition } from './index.js';

const { column, foreignKey, index, named, own, policy, primaryKey, schema, sequence, table, trigger, unique, view } =
  build;

const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);
const loop: Record<string, unknown> = {};
loop['loop'] = loop;
const users = (extra: object): unknown => ({ engine: 'postgresql', tables: [{ name: 'users', ...extra }] });

describe('parseDefinition', () => {
  it('fills in what is absent', () => {
    expect(
      parseDefinition({
        engine: 'postgresql',
        tables: [{ name: 'b', columns: [{ name: 'id', type: 'bigint' }] }, { name: 'a' }],
        views: [{ name: 'v', body: { text: 'select\n  1' } }],
      }),
    ).toEqual(schema('postgresql', table('a'), table('b', column('id', 'bigint')), view('v', 'select\n  1')));
  });

  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'the definition must be an object.'],
    ['an array', [], 'the definition must be an object.'],
    ['no engine', {}, 'engine must be one of'],
    ['an unknown engine', { engine: 'db2' }, 'engine must be one of'],
    ['an unknown key', { engine: 'mysql', tabels: [] }, 'the definition holds the unknown key tabels.'],
    ['an object for an array', { engine: 'mysql', tables: {} }, 'tables must be an array.'],
    ['a text for a table', { engine: 'mysql', tables: ['users'] }, 'tables[0] is wrong'],
    ['an unknown key inside', users({ colour: 1 }), 'tables[0] holds the unknown key colour.'],
    ['a wrong type inside', users({ columns: [{ name: 1, type: 'int' }] }), 'tables[0].columns[0].name is wrong'],
    ['an empty name', users({ columns: [{ name: '', type: 'int' }] }), 'tables[0].columns[0].name is wrong'],
    [
      'a wrong canonical type',
      users({ columns: [{ name: 'a', type: { native: 'int', canonical: { kind: 'int', bits: 7 } } }] }),
      'tables[0].columns[0].type.canonical.bits is wrong',
    ],
    ['a key that is both', users({ indexes: [{ name: 'i', keys: [{ column: 'a', expression: 'b' }] }] }), 'keys[0]'],
    ['a prototype', JSON.parse('{"engine":"mysql","__proto__":{"tables":[]}}'), 'the forbidden key "__proto__"'],
    ['a deep prototype', users(JSON.parse('{"attributes":{"x":[{"__proto__":1}]}}') as object), 'forbidden key'],
    ['depth', users({ attributes: { x: nested(100) } }), 'nested deeper than 64'],
    ['a cycle', users({ attributes: loop }), 'nested deeper than 64'],
    ['half a surrogate pair', users({ comment: '\ud800' }), 'half a surrogate pair'],
    ['no number', users({ attributes: { x: Number.NaN } }), 'not a finite number'],
    ['a date', users({ attributes: { x: new Date(0) } }), 'not a plain object'],
    ['a function', users({ attributes: { x: () => 1 } }), 'is a function'],
    ['a big integer', users({ attributes: { x: 1n } }), 'is a bigint'],
    ['too many columns', users({ columns: Array.from({ length: 20_001 }, () => 1) }), 'more than 20000'],
  ])('refuses %s and names the place', (_title, value, message) => {
    expect(() => parseDefinition(value)).toThrow(
      expect.objectContaining({ code: 'DSEM-2003', message: expect.stringContaining(message) as string }),
    );
  });

  it('answers or refuses any value at all, and never does anything else', () => {
    fc.assert(
      fc.property(
        fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true }),
        fc.string(),
        (value, key) => {
          for (const tried of [value, { engine: 'mysql', tables: [value] }, { engine: 'oracle', [key]: value }]) {
            let code: unknown;
            try {
              parseDefinition(tried);
            } catch (error) {
              code = (error as { readonly code?: unknown }).code;
              expect(code).toBe('DSEM-2003');
            }
          }
        },
      ),
      { numRuns: 500 },
    );
    expect(({} as { readonly tables?: unknown }).tables).toBeUndefined();
  });

  it('has one shape for the whole', () => {
    expect(definitionShape.safeParse({ engine: 'mysql' }).success).toBe(true);
    expect(definitionShape.safeParse({ engine: 'mysql', x: 1 }).success).toBe(false);
  });
});

describe('checkConsistency', () => {
  const a = column('a', 'int');
  const pg = (...parts: readonly build.SchemaPart[]): Schema => schema('postgresql', ...parts);

  it.each<[string, Schema, string]>([
    ['a table twice', pg(table('t'), table('t')), 't: the table, view or sequence is defined twice.'],
    ['a view named like a table', pg(table('t'), view('t', 'select')), 'defined twice'],
    ['a column twice', pg(table('t', a, a)), 't.a: the column is defined twice.'],
    ['an index twice', pg(table('t', a, index('i', ['a']), index('i', ['a']))), 't.i: the index is defined twice.'],
    ['a key named like the primary key', pg(table('t', a, primaryKey('k', ['a']), unique('k', ['a']))), 't.k: the key'],
    ['a primary key on nothing', pg(table('t', primaryKey('k', ['a']))), 't.k: it names the column a'],
    ['a unique on nothing', pg(table('t', unique('k', ['a']))), 't.k: it names the column a'],
    ['an index on nothing', pg(table('t', index('i', ['a']))), 't.i: it names the column a'],
    ['an index that includes nothing', pg(table('t', a, index('i', ['a'], { include: ['b'] }))), 'column b'],
    ['a foreign key of nothing', pg(table('t', foreignKey('f', ['b'], 't', ['a']), a)), 't.f: it names the column b'],
    ['a foreign key to no table', pg(table('t', a, foreignKey('f', ['a'], 'x', ['a']))), 't.f: it references x,'],
    ['a foreign key to no column', pg(table('t', a, foreignKey('f', ['a'], 't', ['b']))), 't.f: it references t.b,'],
    [
      'a lopsided foreign key',
      pg(table('t', a, foreignKey('f', ['a'], 't', ['a', 'a']))),
      '1 columns cannot reference 2',
    ],
    ['an owner that is missing', pg(sequence('s', { ownedBy: { ...named('t'), column: 'a' } })), 's: its owner t.a'],
    [
      'a partition of nothing',
      pg(table('t', own({ partitionOf: { name: 'p', bound: '' } }))),
      't: it is a partition of p',
    ],
    ['a trigger on nothing', pg(trigger('x', 't', 'y')), 't.x: its table t does not exist.'],
    ['a policy on nothing', pg(policy('x', 't')), 't.x: its table t does not exist.'],
  ])('refuses %s', (_title, state, message) => {
    expect(() => checkConsistency(state)).toThrow(
      expect.objectContaining({ code: 'DSEM-2004', message: expect.stringContaining(message) as string }),
    );
  });

  it('lets documents have undeclared fields where the engine does', () => {
    const open = schema('mongodb', table('shop.users', index('by_city', ['address.city'])));
    expect(() => checkConsistency(open)).toThrow();
    expect(() => checkConsistency(open, { openDocuments: true })).not.toThrow();
  });
});
