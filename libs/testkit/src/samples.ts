import { type Attributes, type Column, type Schema, build } from '@dsem/schema';
import fc from 'fast-check';

const { check, enumeration, extension, field, foreignKey, grant, index, named, namespace, own } = build;
const { object, policy, primaryKey, routine, schema, sequence, table, trigger, type, unique, view } = build;

/** Few names, so that two samples share objects; one needs quoting, one is longer than ASCII. */
const tableName = fc.constantFrom('public.a', 'public.b', 'sales.a', 'sales.Ümläut');
const nativeType = fc.constantFrom('bigint', 'integer', 'text', 'character varying(20)', 'numeric(10,2)');
const comment = fc.option(fc.constantFrom('one', 'two'), { nil: undefined });
const attributes: fc.Arbitrary<Attributes | undefined> = fc.option<Attributes, undefined>(
  fc.constantFrom<Attributes[]>({ storage: 'plain' }, { nested: { a: [1, null, true] } }),
  {
    nil: undefined,
  },
);

const columnSample = (name: string): fc.Arbitrary<Column> =>
  fc
    .record({
      type: nativeType,
      nullable: fc.boolean(),
      value: fc.constantFrom('none', 'default', 'other', 'identity', 'generated'),
      comment,
      attributes,
    })
    .map(({ type: native, nullable, value, ...rest }) =>
      field(name, native, {
        nullable,
        ...rest,
        ...(value === 'default' && { default: '0' }),
        ...(value === 'other' && { default: '1' }),
        ...(value === 'identity' && { identity: { always: true } }),
        ...(value === 'generated' && { generated: { expression: '(1 + 1)', stored: true } }),
      }),
    );

const someColumns = fc
  .shuffledSubarray(['id', 'name', 'mail', 'total', 'Ordér Nr'], { minLength: 1 })
  .chain((names) => fc.tuple(...names.map(columnSample)));

const picks = fc.record({
  key: fc.boolean(),
  unique: fc.boolean(),
  check: fc.constantFrom(undefined, '(1 > 0)', '(2 > 0)'),
  index: fc.constantFrom(undefined, 'plain', 'unique', 'partial', 'expression'),
  reference: fc.constantFrom(undefined, 'cascade' as const, 'set null' as const),
  validated: fc.boolean(),
  comment,
});
type Picks = typeof picks extends fc.Arbitrary<infer Value> ? Value : never;

const indexSample = (kind: Picks['index'], first: string): build.TablePart[] => {
  if (kind === undefined) return [];
  const key = kind === 'expression' ? { expression: 'lower(x)', order: 'desc' as const } : first;
  return [
    index('ix', [key], {
      ...(kind === 'unique' && { unique: true }),
      ...(kind === 'partial' && { predicate: '(1 > 0)' }),
    }),
  ];
};

const tableSample = (name: string): fc.Arbitrary<build.SchemaPart> =>
  fc.tuple(someColumns, picks).map(([columns, picked]) => {
    const first = columns[0]?.name ?? 'id';
    const parts: build.TablePart[] = columns.map((made): build.TablePart => ['columns', made]);
    if (picked.key) parts.push(primaryKey('pk', [first]));
    if (picked.unique) parts.push(unique('uq', [first], { comment: picked.comment }));
    if (picked.check !== undefined) {
      parts.push(check('ck', picked.check, picked.validated ? {} : { validated: false }));
    }
    if (picked.reference !== undefined) {
      parts.push(foreignKey('fk', [first], name, [first], { onDelete: picked.reference }));
    }
    return table(name, ...parts, ...indexSample(picked.index, first), own({ comment: picked.comment }));
  });

const extras: readonly build.SchemaPart[] = [
  namespace('public'),
  namespace('sales', { comment: 'money' }),
  extension('public.citext', { version: '1.6' }),
  enumeration('public.mood', ['sad', 'ok']),
  type({ ...named('public.point'), kind: 'struct', fields: [field('x', 'integer')] }),
  sequence('public.numbers', { options: { increment: '2' } }),
  view('public.v', 'select 1 as one', { columns: ['one'] }),
  routine('public.f', 'integer', 'select 1', { language: 'sql' }),
  object('collation', 'public.de', { locale: 'de' }),
];
const changedExtras: readonly build.SchemaPart[] = [
  namespace('public', { comment: 'changed' }),
  enumeration('public.mood', ['sad', 'ok', 'happy']),
  enumeration('public.point', ['now', 'an', 'enumeration']),
  sequence('public.numbers', { options: { increment: '3' } }),
  view('public.v', 'select 2 as one', { columns: ['one'] }),
  routine('public.f', 'integer', 'select 2', { language: 'sql' }),
  routine('public.f', 'text', 'select 3', { language: 'sql' }),
  object('collation', 'public.de', { locale: 'de-AT' }),
];

const onTable = (name: string): readonly build.SchemaPart[] => [
  trigger('t', name, 'execute function f()'),
  policy('p', name, { command: 'select', roles: ['app'] }),
  grant('app', name, ['select']),
];

const distinctBy = (parts: readonly build.SchemaPart[]): readonly build.SchemaPart[] => {
  const key = ([slot, value]: build.SchemaPart): string =>
    JSON.stringify([
      slot,
      'namespace' in value ? value.namespace : '',
      value.name,
      'signature' in value && value.signature,
    ]);
  return [...new Map(parts.map((part) => [key(part), part])).values()];
};

/** Consistent small states in normal form, drawn from few names, so that two of them overlap. */
export const schemaSample = (): fc.Arbitrary<Schema> =>
  fc
    .tuple(
      fc.uniqueArray(tableName, { maxLength: 3 }).chain((names) => fc.tuple(...names.map(tableSample))),
      fc.subarray([...extras]),
      fc.subarray([...changedExtras]),
      fc.boolean(),
    )
    .map(([tables, some, others, dependents]) => {
      const first = tables[0]?.[1];
      const name = first !== undefined && 'namespace' in first ? `${first.namespace ?? ''}.${first.name}` : undefined;
      return schema(
        'postgresql',
        ...tables,
        ...distinctBy([...some, ...others]),
        ...(dependents && name !== undefined ? onTable(name) : []),
      );
    });
