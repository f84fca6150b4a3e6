import { type Link, openLink } from '../../../driver/connect.js';

interface Column {
  readonly table: string;
  readonly column: string;
  readonly type: string;
  readonly category: string;
  readonly generated: boolean;
  /** Whether INSERT may not name it. */
  readonly computed: boolean;
  readonly label: string | null;
}

const columns = `SELECT format('%I.%I', n.nspname, c.relname) AS "table", quote_ident(a.attname) AS "column",
  format_type(a.atttypid, a.atttypmod) AS type, t.typcategory AS category, a.attgenerated <> '' AS generated, a.attgenerated <> '' OR a.attidentity = 'a' AS computed,
  (SELECT enumlabel FROM pg_enum e WHERE e.enumtypid = t.oid ORDER BY enumsortorder LIMIT 1) AS label
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type t ON t.oid = a.atttypid
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped
  AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'dsem_control') ORDER BY 1, a.attnum`;

const byType: Readonly<Record<string, (row: number) => string>> = {
  uuid: (row) => `00000000-0000-0000-0000-00000000000${row}`,
  json: () => '{}',
  jsonb: () => '{}',
  xml: () => '<r/>',
  date: (row) => `2001-02-0${row}`,
};
const byCategory: Readonly<Record<string, (row: number) => string>> = {
  N: String,
  S: String,
  B: () => 'true',
  D: (row) => `2001-02-0${row} 00:00:00`,
  T: (row) => `${row} hours`,
  A: () => '{}',
  V: () => '1',
  I: (row) => `10.0.0.${row}`,
  R: () => 'empty',
};

const literal = ({ type, category, label }: Column, row: number): string => {
  const value = label ?? (byType[type] ?? byCategory[category])?.(row);
  return value === undefined ? 'NULL' : `'${value.replaceAll("'", "''")}'`;
};

const columnsOf = async (link: Link): Promise<readonly Column[]> => (await link.query(columns)) as readonly Column[];

const tablesOf = (all: readonly Column[]): ReadonlyMap<string, readonly Column[]> =>
  Map.groupBy(all, ({ table }) => table);

const insert = (table: string, own: readonly Column[], row: number): string => {
  const written = own.filter(({ computed }) => !computed);
  const names = written.map(({ column }) => column).join(', ');
  return `INSERT INTO ${table} (${names}) VALUES (${written.map((each) => literal(each, row)).join(', ')})`;
};

/** Two made-up rows in every table that takes them; where a constraint refuses, the table stays empty. */
export const seed = async (url: string): Promise<void> => {
  const link = await openLink(url);
  try {
    await link.query('SET session_replication_role = replica');
    for (const [table, own] of tablesOf(await columnsOf(link)))
      for (const row of [1, 2])
        if (own.some(({ computed }) => !computed)) await link.query(insert(table, own, row)).catch(() => undefined);
  } finally {
    await link.end();
  }
};

/** What every column of every table with rows holds: `table.column type` to a digest of its values. */
export const contents = async (url: string): Promise<ReadonlyMap<string, string>> => {
  const link = await openLink(url);
  try {
    const held = new Map<string, string>();
    for (const { table, column, type } of await columnsOf(link)) {
      const text = `SELECT count(*)::int AS rows, md5(string_agg(coalesce(${column}::text, '<null>'), ',' ORDER BY ${column}::text)) AS digest FROM ${table}`;
      const [found] = (await link.query(text)) as readonly { readonly rows: number; readonly digest: string }[];
      if (found && found.rows > 0) held.set(`${table}.${column} ${type}`, found.digest);
    }
    return held;
  } finally {
    await link.end();
  }
};

/** The columns of a database that nothing computes, told as {@link contents} tells them, whether they hold rows or not. */
export const columnNames = async (url: string): Promise<ReadonlySet<string>> => {
  const link = await openLink(url);
  try {
    const stored = (await columnsOf(link)).filter(({ generated }) => !generated);
    return new Set(stored.map(({ table, column, type }) => `${table}.${column} ${type}`));
  } finally {
    await link.end();
  }
};
