import type { Chance } from './chance.js';
import { type Column, type Table, tableIn, type Version, type World } from './world.js';

/** Makes the next version, or nothing where the world has not what it needs. */
export type Operation = (world: World, chance: Chance) => Version | undefined;

const types = ['integer', 'bigint', 'text', 'varchar(40)', 'numeric(10,2)', 'timestamptz', 'date', 'boolean', 'uuid'];
const defaults: Readonly<Record<string, string>> = {
  integer: '0',
  bigint: '1',
  text: "'it''s new'",
  'varchar(40)': "'x'",
  'numeric(10,2)': '1.50',
  timestamptz: 'now()',
  date: 'CURRENT_DATE',
  boolean: 'false',
};

const columnOf = (world: World, chance: Chance): Column => {
  const type = chance.one(types);
  const given = chance.below(3) === 0 ? defaults[type] : undefined;
  const name = world.fresh(chance.one(world.subject.columns));
  return {
    name,
    type,
    required: given !== undefined && chance.below(2) === 0,
    used: false,
    ...(given && { default: given }),
  };
};
const text = ({ name, type, required, default: given }: Column): string =>
  `${name} ${type}${required ? ' NOT NULL' : ''}${given === undefined ? '' : ` DEFAULT ${given}`}`;

const anyTable = ({ tables }: World, chance: Chance): Table | undefined =>
  tables.length === 0 ? undefined : chance.one(tables);
const anyColumn = (table: Table | undefined, chance: Chance, fits: (column: Column) => boolean): Column | undefined => {
  const found = table?.columns.filter((column) => column.name !== 'id' && fits(column)) ?? [];
  return found.length === 0 ? undefined : chance.one(found);
};

const createTable: Operation = (world, chance) => {
  if (world.tables.length > 14) return undefined;
  const name = world.fresh(chance.one(world.subject.tables));
  const columns = Array.from({ length: 2 + chance.below(3) }, () => columnOf(world, chance));
  const id = chance.one([
    'id serial PRIMARY KEY',
    'id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY',
    'id bigint NOT NULL',
  ]);
  const parent = chance.below(2) === 0 ? world.tables.find(({ columns: [first] }) => first?.type === 'key') : undefined;
  const schema = chance.below(4) === 0 ? chance.one(world.schemas) : 'public';
  const key: Column = { name: 'id', type: id.includes('PRIMARY') ? 'key' : 'bigint', required: true, used: true };
  const reference: Column[] = parent
    ? [{ name: `${parent.name}_id`, type: 'bigint', required: false, used: true }]
    : [];
  const table = tableIn(schema, name, [key, ...columns, ...reference]);
  world.tables.push(table);
  const rows = [
    id,
    ...columns.map(text),
    ...(parent ? [`${parent.name}_id bigint REFERENCES ${parent.path} ON DELETE CASCADE`] : []),
  ];
  const head = schema === 'public' || chance.below(2) === 0 ? '' : `SET search_path TO ${schema}, public;\n`;
  const named = head === '' ? table.path : name;
  return {
    name: `create ${name}`,
    up: `${head}CREATE TABLE ${named} (\n  ${rows.join(',\n  ')}\n);`,
    down: `DROP TABLE ${table.path};`,
  };
};

const addColumn: Operation = (world, chance) => {
  const table = anyTable(world, chance);
  if (!table) return undefined;
  const column = columnOf(world, chance);
  table.columns.push(column);
  const guard = chance.below(3) === 0 ? 'IF NOT EXISTS ' : '';
  return {
    name: `add ${column.name}`,
    up: `ALTER TABLE ${table.path} ADD COLUMN ${guard}${text(column)};`,
    down: `ALTER TABLE ${table.path} DROP COLUMN IF EXISTS ${column.name};`,
  };
};

/** Only the last column: what is added again comes last. */
const dropColumn: Operation = (world, chance) => {
  const table = anyTable(world, chance);
  const column = table?.columns.at(-1);
  if (!table || !column || column.used || table.seen || table.columns.length < 3) return undefined;
  table.columns.pop();
  return {
    name: `drop ${column.name}`,
    up: `ALTER TABLE ${table.path} DROP COLUMN ${column.name};`,
    down: `ALTER TABLE ${table.path} ADD COLUMN ${text(column)};`,
  };
};

const renameColumn: Operation = (world, chance) => {
  const table = anyTable(world, chance);
  const column = anyColumn(table, chance, () => true);
  if (!table || !column) return undefined;
  const to = world.fresh(`new_${column.name}`.slice(0, 30));
  const from = column.name;
  column.name = to;
  const way = (one: string, other: string): string => `ALTER TABLE ${table.path} RENAME COLUMN ${one} TO ${other};`;
  return { name: `rename ${from}`, up: way(from, to), down: way(to, from) };
};

const renameTable: Operation = (world, chance) => {
  const table = anyTable(world, chance);
  if (!table || table.name.length > 40) return undefined;
  const [from, before] = [table.name, table.path];
  table.name = world.fresh(`${from}_record`);
  return {
    name: `rename ${from}`,
    up: `ALTER TABLE ${before} RENAME TO ${table.name};`,
    down: `ALTER TABLE ${table.path} RENAME TO ${from};`,
  };
};

const moveTable: Operation = (world, chance) => {
  const table = anyTable(world, chance);
  const schema = chance.one(world.schemas);
  if (!table || schema === table.schema) return undefined;
  const [from, before] = [table.schema, table.path];
  table.schema = schema;
  return {
    name: `move ${table.name}`,
    up: `ALTER TABLE ${before} SET SCHEMA ${schema};`,
    down: `ALTER TABLE ${table.path} SET SCHEMA ${from};`,
  };
};

const createSchema: Operation = (world) => {
  if (world.schemas.length > 2) return undefined;
  const name = world.fresh('area');
  world.schemas.push(name);
  return { name: `schema ${name}`, up: `CREATE SCHEMA IF NOT EXISTS ${name};`, down: `DROP SCHEMA ${name};` };
};

const createIndex: Operation = (world, chance) => {
  const table = anyTable(world, chance);
  const column = anyColumn(table, chance, ({ type }) => type !== 'boolean');
  if (!table || !column) return undefined;
  const name = world.fresh(`${table.name.slice(0, 20)}_by_${column.name.slice(0, 20)}`);
  const key = /^(text|varchar)/.test(column.type)
    ? chance.one([column.name, `lower(${column.name})`])
    : chance.one([column.name, `${column.name} DESC NULLS LAST`]);
  const where = chance.below(3) === 0 ? ` WHERE ${column.name} IS NOT NULL` : '';
  column.used = true;
  table.indexes.push({ name, on: column.name });
  return {
    name: `index ${name}`,
    up: `CREATE INDEX ${name} ON ${table.path} (${key}, id)${where};`,
    down: `DROP INDEX ${table.schema}.${name};`,
  };
};

const renameIndex: Operation = (world, chance) => {
  const table = anyTable(world, chance);
  const index = table?.indexes.at(-1);
  if (!table || !index) return undefined;
  const from = index.name;
  index.name = world.fresh('idx_renamed');
  const way = (one: string, other: string): string => `ALTER INDEX ${table.schema}.${one} RENAME TO ${other};`;
  return { name: `rename ${from}`, up: way(from, index.name), down: way(index.name, from) };
};

const addConstraint: Operation = (world, chance) => {
  const table = anyTable(world, chance);
  const column = anyColumn(table, chance, ({ type }) =>
    ['integer', 'bigint', 'numeric(10,2)', 'text', 'uuid'].includes(type),
  );
  if (!table || !column) return undefined;
  const name = world.fresh(`${table.name.slice(0, 20)}_rule`);
  const check = /int|numeric/.test(column.type)
    ? `CHECK (${column.name} >= 0 AND ${column.name} <> 13)`
    : `CHECK (${column.name} IS NOT NULL)`;
  const rule = chance.one([check, `UNIQUE (${column.name}, id)`, `${check} NOT VALID`]);
  column.used = true;
  table.constraints.push(name);
  return {
    name: `rule ${name}`,
    up: `ALTER TABLE ${table.path} ADD CONSTRAINT ${name} ${rule};`,
    down: `ALTER TABLE ${table.path} DROP CONSTRAINT IF EXISTS ${name};`,
  };
};

const guardConstraint: Operation = (world, chance) => {
  const table = anyTable(world, chance);
  if (!table) return undefined;
  const name = world.fresh('positive_id');
  table.constraints.push(name);
  const up = `DO $$ BEGIN\n  IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = '${name}') THEN\n    ALTER TABLE ${table.path} ADD CONSTRAINT ${name} CHECK (id > 0);\n  END IF;\nEND $$;`;
  return { name: `guard ${name}`, up, down: `ALTER TABLE ${table.path} DROP CONSTRAINT ${name};` };
};

const renameConstraint: Operation = (world, chance) => {
  const table = anyTable(world, chance);
  const from = table?.constraints.pop();
  if (!table || from === undefined) return undefined;
  const to = world.fresh('rule_renamed');
  table.constraints.push(to);
  const way = (one: string, other: string): string => `ALTER TABLE ${table.path} RENAME CONSTRAINT ${one} TO ${other};`;
  return { name: `rename ${from}`, up: way(from, to), down: way(to, from) };
};

const addReference: Operation = (world, chance) => {
  const table = anyTable(world, chance);
  const target = world.tables.find(({ columns: [first] }) => first?.type === 'key');
  if (!table || !target) return undefined;
  const name = world.fresh('ref_id');
  table.columns.push({ name, type: 'bigint', required: false, used: true });
  const action = chance.one(['', ' ON DELETE SET NULL', ' ON UPDATE CASCADE', ' DEFERRABLE INITIALLY DEFERRED']);
  return {
    name: `refer ${name}`,
    up: `ALTER TABLE ${table.path} ADD COLUMN ${name} bigint;\nALTER TABLE ${table.path} ADD FOREIGN KEY (${name}) REFERENCES ${target.path} (id)${action};`,
    down: `ALTER TABLE ${table.path} DROP COLUMN ${name};`,
  };
};

const createEnum: Operation = (world, chance) => {
  const table = anyTable(world, chance);
  if (!table || world.types.length > 5) return undefined;
  const [name, column] = [world.fresh('stage'), world.fresh('stage_of')];
  const labels = [...world.subject.labels];
  const quoted = labels.map((label) => `'${label.replaceAll("'", "''")}'`);
  world.types.push({ name, labels });
  table.columns.push({ name: column, type: name, required: false, used: true });
  const create = `CREATE TYPE ${name} AS ENUM (${quoted.join(', ')});`;
  const guarded = `DO $$ BEGIN ${create} EXCEPTION WHEN duplicate_object THEN NULL; END $$;`;
  return {
    name: `type ${name}`,
    up: `${chance.one([create, guarded])}\nALTER TABLE ${table.path} ADD COLUMN ${column} ${name} DEFAULT ${quoted[0]}::${name};`,
    down: `ALTER TABLE ${table.path} DROP COLUMN ${column};\nDROP TYPE ${name};`,
  };
};

const renameType: Operation = (world, chance) => {
  if (world.types.length === 0) return undefined;
  const type = chance.one(world.types);
  const from = type.name;
  type.name = world.fresh(`${from.slice(0, 30)}_kind`);
  for (const column of world.tables.flatMap(({ columns }) => columns))
    if (column.type === from) column.type = type.name;
  return {
    name: `rename ${from}`,
    up: `ALTER TYPE ${from} RENAME TO ${type.name};`,
    down: `ALTER TYPE ${type.name} RENAME TO ${from};`,
  };
};

const renameLabel: Operation = (world, chance) => {
  if (world.types.length === 0) return undefined;
  const type = chance.one(world.types);
  const [from, to] = [type.labels[1]!, world.fresh('label')];
  type.labels[1] = to;
  const way = (one: string, other: string): string =>
    `ALTER TYPE ${type.name} RENAME VALUE '${one.replaceAll("'", "''")}' TO '${other.replaceAll("'", "''")}';`;
  return { name: `label ${to}`, up: way(from, to), down: way(to, from) };
};

const createView: Operation = (world, chance) => {
  const [table, other] = [anyTable(world, chance), anyTable(world, chance)];
  if (!table || !other || world.views.length > 12) return undefined;
  const name = world.fresh('overview');
  const column = anyColumn(table, chance, () => true)?.name ?? 'id';
  for (const one of [table, other]) one.seen = true;
  const query = chance.one([
    `SELECT * FROM ${table.path} WHERE id > 5`,
    `SELECT a.id, a.${column} AS shown, (SELECT count(*) FROM ${other.path} b WHERE b.id = a.id) AS n FROM ${table.path} a`,
    `SELECT ${table.name}.id, count(*) AS n FROM ${table.path} GROUP BY ${table.name}.id`,
  ]);
  world.views.push({ name, columns: ['id'] });
  const kind = chance.below(4) === 0 ? 'MATERIALIZED VIEW' : 'VIEW';
  return { name: `view ${name}`, up: `CREATE ${kind} ${name} AS ${query};`, down: `DROP ${kind} ${name};` };
};

const setDefault: Operation = (world, chance) => {
  const table = anyTable(world, chance);
  const column = anyColumn(
    table,
    chance,
    ({ type, default: given }) => given === undefined && defaults[type] !== undefined,
  );
  if (!table || !column) return undefined;
  column.default = defaults[column.type]!;
  const alter = `ALTER TABLE ${table.path} ALTER COLUMN ${column.name}`;
  return {
    name: `default ${column.name}`,
    up: `${alter} SET DEFAULT ${column.default};`,
    down: `${alter} DROP DEFAULT;`,
  };
};

const setRequired: Operation = (world, chance) => {
  const table = anyTable(world, chance);
  const column = anyColumn(table, chance, ({ required }) => !required);
  if (!table || !column) return undefined;
  column.required = true;
  const alter = `ALTER TABLE IF EXISTS ${table.path} ALTER COLUMN ${column.name}`;
  return { name: `require ${column.name}`, up: `${alter} SET NOT NULL;`, down: `${alter} DROP NOT NULL;` };
};

const widen: Operation = (world, chance) => {
  const table = anyTable(world, chance);
  const column = anyColumn(
    table,
    chance,
    ({ type, used, default: given }) => type === 'integer' && !used && given === undefined,
  );
  if (!table || !column || table.seen) return undefined;
  column.type = 'bigint';
  const alter = `ALTER TABLE ${table.path} ALTER COLUMN ${column.name} TYPE`;
  return { name: `widen ${column.name}`, up: `${alter} bigint;`, down: `${alter} int USING ${column.name}::int;` };
};

const sequence: Operation = (world, chance) => {
  const table = anyTable(world, chance);
  const column = anyColumn(table, chance, ({ type, default: given }) => type === 'bigint' && given === undefined);
  if (!table || !column) return undefined;
  const [name, renamed] = [world.fresh('counter'), world.fresh('counter_of')];
  column.default = `nextval('${renamed}')`;
  column.used = true;
  const alter = `ALTER TABLE ${table.path} ALTER ${column.name}`;
  return {
    name: `sequence ${name}`,
    up: `CREATE SEQUENCE ${name} START 100 CACHE 5;\n${alter} SET DEFAULT nextval('${name}'::regclass);\nALTER SEQUENCE ${name} RENAME TO ${renamed};`,
    down: `${alter} DROP DEFAULT;\nDROP SEQUENCE ${renamed};`,
  };
};

const comment: Operation = (world, chance) => {
  const table = anyTable(world, chance);
  if (!table || chance.below(3) > 0) return undefined;
  const said = world.fresh('remark');
  const column = table.columns.at(-1)!.name;
  return {
    name: `comment ${table.name}`,
    up: `CREATE TABLE ${said} (id int);\nCOMMENT ON TABLE ${said} IS 'see ; "${table.name}"';\nCOMMENT ON COLUMN ${said}.id IS '${column}';`,
    down: `DROP TABLE IF EXISTS ${said} CASCADE;`,
  };
};

const copy: Operation = (world, chance) => {
  const table = anyTable(world, chance);
  if (!table || world.tables.length > 14) return undefined;
  const name = world.fresh(`${table.name.slice(0, 20)}_copy`);
  const options = chance.one(['', ' INCLUDING ALL', ' INCLUDING DEFAULTS INCLUDING CONSTRAINTS', ' INCLUDING INDEXES']);
  return {
    name: `copy ${table.name}`,
    up: `CREATE TABLE ${name} (LIKE ${table.path}${options});`,
    down: `DROP TABLE ${name};`,
  };
};

/** The steps real histories are made of, the frequent ones more than once. */
export const operations: readonly Operation[] = [
  createTable,
  createTable,
  addColumn,
  addColumn,
  addColumn,
  dropColumn,
  renameColumn,
  renameTable,
  moveTable,
  createSchema,
  createIndex,
  createIndex,
  renameIndex,
  addConstraint,
  guardConstraint,
  renameConstraint,
  addReference,
  createEnum,
  renameType,
  renameLabel,
  createView,
  createView,
  setDefault,
  setRequired,
  widen,
  sequence,
  comment,
  copy,
];
