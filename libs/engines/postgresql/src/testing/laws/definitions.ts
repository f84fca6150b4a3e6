import fc from 'fast-check';

/** A state as somebody may write it: the statements in an order in which they also run. */
export type Statements = readonly string[];

const hostile: readonly string[] = [
  'order',
  'Select',
  'a"b',
  "it's",
  'a.b',
  ' ',
  '$1',
  'x--y',
  '/*',
  ';',
  '\\',
  'Ünit',
  '😀 face',
  'שלום',
  '\u202Egnp',
  'tab\tname',
  'line\nname',
  'dsem:tag',
  '%s',
  '${x}',
  'é'.repeat(31),
  `${'x'.repeat(62)}a`,
  `${'x'.repeat(62)}b`,
];
const plain: readonly string[] = ['item', 'place', 'person', 'total', 'state', 'code'];

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;

const names = (least: number, most: number): fc.Arbitrary<readonly string[]> =>
  fc.shuffledSubarray([...plain, ...hostile], { minLength: least, maxLength: most });

/** Type, a default for it, a check that asks `column` something. */
const types: readonly (readonly [string, string, (column: string) => string])[] = [
  ['int', '7', (column) => `${column} between 1 and 10`],
  ['bigint', '-1', (column) => `${column} in (1, 2, 3)`],
  ['numeric(10,2)', '1.50', (column) => `${column} >= 0 and ${column} < 1e3`],
  ['varchar(20)', "'x'", (column) => `${column} like 'a%'`],
  ['text', "'it''s'", (column) => `length(${column}) < 5 or ${column} is null`],
  ['text[]', "'{}'", (column) => `cardinality(${column}) > 0`],
  ['timestamptz', 'now()', (column) => `${column} > '2001-01-01'`],
  ['date', 'current_date', (column) => `${column} is not null`],
  ['boolean', 'false', (column) => `not ${column}`],
  ['uuid', 'gen_random_uuid()', (column) => `${column} is distinct from null`],
  ['jsonb', `'{"a": 1}'`, (column) => `${column} ? 'a'`],
];

interface Column {
  readonly name: string;
  readonly type: (typeof types)[number];
  readonly words: string;
  readonly checked: boolean;
}

interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly commented: boolean;
  readonly index: 'none' | 'plain' | 'unique' | 'partial' | 'expression';
  readonly references: boolean;
  readonly viewed: boolean;
}

const columnOf = (name: string): fc.Arbitrary<Column> =>
  fc
    .record({ type: fc.constantFrom(...types), value: fc.boolean(), required: fc.boolean(), checked: fc.boolean() })
    .map(({ type, value, required, checked }) => ({
      name,
      type,
      words: [type[0], value ? `DEFAULT ${type[1]}` : '', required ? 'NOT NULL' : ''].filter(Boolean).join(' '),
      checked,
    }));

const tableOf = (name: string): fc.Arbitrary<Table> =>
  fc.record({
    name: fc.constant(name),
    columns: names(1, 4).chain((each) => fc.tuple(...each.map(columnOf))),
    commented: fc.boolean(),
    index: fc.constantFrom('none', 'plain', 'unique', 'partial', 'expression'),
    references: fc.boolean(),
    viewed: fc.boolean(),
  });

/** What is named after a table: its start, and its place among all names, so that twins stay apart. */
const beside = (name: string): string => `${[...name].slice(0, 8).join('')} ${[...plain, ...hostile].indexOf(name)}`;

const key = '"the key"';
const pathOf = (schema: string, name: string): string => `${quoted(schema)}.${quoted(name)}`;

const create = (path: string, { name: own, columns }: Table): string => {
  const lines = columns.map(({ name, words }) => `  ${quoted(name)} ${words}`);
  const checks = columns.filter(({ checked }) => checked).map(({ name, type }) => `  CHECK (${type[2](quoted(name))})`);
  return `CREATE TABLE ${path} (\n${[`  ${key} int CONSTRAINT ${quoted(`${beside(own)} key`)} PRIMARY KEY`, ...lines, ...checks].join(',\n')}\n)`;
};

const indexOf = (path: string, { index, columns, name }: Table): Statements => {
  if (index === 'none') return [];
  const [first] = columns as [Column];
  const on =
    first.type[0] === 'jsonb' || index === 'expression' ? `((${key} + 1))` : `(${quoted(first.name)} DESC, ${key})`;
  const where = index === 'partial' ? ` WHERE ${first.type[2](quoted(first.name))}` : '';
  const called = quoted(`${beside(name)} "ix"`);
  return [`CREATE ${index === 'unique' ? 'UNIQUE ' : ''}INDEX ${called} ON ${path} ${on}${where}`];
};

const partsOf = (schema: string, table: Table, all: readonly Table[]): Statements => {
  const path = pathOf(schema, table.name);
  const { name: other } = all[0]!;
  const column = quoted(table.columns[0]!.name);
  return [
    ...indexOf(path, table),
    ...(table.references && other !== table.name
      ? [
          `ALTER TABLE ${path} ADD CONSTRAINT "the reference" FOREIGN KEY (${key}) REFERENCES ${pathOf(schema, other)} ON DELETE CASCADE`,
        ]
      : []),
    ...(table.commented
      ? [
          `COMMENT ON TABLE ${path} IS ${text(table.name)}`,
          `COMMENT ON COLUMN ${path}.${column} IS ${text(`of ${table.name}`)}`,
        ]
      : []),
    ...(table.viewed
      ? [
          `CREATE VIEW ${pathOf(schema, `${beside(table.name)} 'view'`)} AS SELECT ${column} AS "shown", ${key} FROM ${path} WHERE ${key} > 3`,
        ]
      : []),
  ];
};

const labels = names(1, 4);

/** States with tables, keys, checks, defaults, indexes, foreign keys, views, an enum and a sequence under hostile names. */
export const definitions: fc.Arbitrary<Statements> = fc
  .record({
    schema: fc.constantFrom('public', 'Sales "N"', 'sélect'),
    own: names(1, 4),
    enumerated: labels,
    start: fc.nat(100),
  })
  .chain(({ own, ...rest }) => fc.record({ ...constants(rest), tables: fc.tuple(...own.map(tableOf)) }))
  .map(({ schema, tables, enumerated, start }) => [
    ...(schema === 'public' ? [] : [`CREATE SCHEMA ${quoted(schema)}`]),
    `CREATE TYPE ${pathOf(schema, 'mood "x"')} AS ENUM (${enumerated.map(text).join(', ')})`,
    `CREATE SEQUENCE ${pathOf(schema, 'numbers;')} START WITH ${start + 1}`,
    ...tables.map((table) => create(pathOf(schema, table.name), table)),
    ...tables.flatMap((table) => partsOf(schema, table, tables)),
  ]);

function constants<Value extends object>(value: Value): { [Name in keyof Value]: fc.Arbitrary<Value[Name]> } {
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, fc.constant(each)])) as never;
}
