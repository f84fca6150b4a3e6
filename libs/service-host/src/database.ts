import { migrate, quoted, surviving, type Queryable } from '@dsem/event-store';
import pg, { type Client, type Pool } from 'pg';

/** A service's own corner of the product's database: unquoted lower-case names. */
export interface DatabaseNames {
  readonly schema: string;
  readonly role: string;
}

/** Brings one part of a service's schema to the current version; runs as the owner, may be repeated. */
export type DatabasePart = (owner: Queryable, names: DatabaseNames) => Promise<void>;

/** `environment-agent` → schema `environment_agent`, role `dsem_environment_agent`. */
export const databaseNames = (service: string): DatabaseNames => {
  const schema = service.replaceAll('-', '_');
  if (!/^[a-z][a-z0-9_]{0,50}$/.test(schema)) throw new Error(`not a service name: ${service}`);
  return { schema, role: `dsem_${schema}` };
};

const forTables = async (
  owner: Queryable,
  { schema, role }: DatabaseNames,
  verb: 'GRANT' | 'REVOKE',
): Promise<void> => {
  const to = verb === 'GRANT' ? 'TO' : 'FROM';
  const change = `ALTER DEFAULT PRIVILEGES IN SCHEMA ${quoted(schema)} ${verb}`;
  await owner.query(`${change} SELECT, INSERT, UPDATE, DELETE ON TABLES ${to} ${quoted(role)}`);
  await owner.query(`${change} USAGE, SELECT ON SEQUENCES ${to} ${quoted(role)}`);
};

/**
 * A part made of numbered SQL steps that are never edited once released. They run with the service's schema as
 * `search_path`; the service's role may read and write the tables they create, and a step may revoke some of that.
 */
export const tables =
  (part: string, steps: readonly string[]): DatabasePart =>
  async (owner, names) => {
    await forTables(owner, names, 'GRANT');
    try {
      await owner.query(`SET search_path TO ${quoted(names.schema)}`);
      await migrate(owner, names.schema, part, steps);
    } finally {
      await owner.query('RESET search_path');
      await forTables(owner, names, 'REVOKE');
    }
  };

/** Roles belong to all databases of a server: made by another one in the same moment (`XX000`: changed by it). */
const raced: readonly unknown[] = ['42710', '23505', 'XX000'];

const settled = async (work: () => Promise<void>, tries = 10): Promise<void> => {
  try {
    await work();
  } catch (error) {
    if (tries === 0 || !raced.includes((error as { code?: unknown }).code)) throw error;
    await settled(work, tries - 1);
  }
};

const createRole = async (owner: Client, role: string, password: string | undefined): Promise<void> => {
  const known = await owner.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
  if (known.rowCount === 0) await owner.query(`CREATE ROLE ${quoted(role)} NOSUPERUSER NOCREATEDB NOCREATEROLE`);
  if (password !== undefined)
    await owner.query(`ALTER ROLE ${quoted(role)} LOGIN PASSWORD ${owner.escapeLiteral(password)}`);
  await owner.query(`GRANT ${quoted(role)} TO CURRENT_USER`);
};

/** How a service's corner is made: `adminUrl` may create roles and schemas; `password` lets the role log in by itself. */
export interface PrepareOptions extends DatabaseNames {
  readonly adminUrl: string;
  readonly password?: string;
  readonly parts: readonly DatabasePart[];
}

/**
 * Brings a service's schema and role to the current version; safe to run from several processes at once.
 * The admin owns the tables, so what a part does not grant to the role (changing events) the role cannot do.
 */
export const prepareServiceDatabase = async (options: PrepareOptions): Promise<void> => {
  const { schema, role } = options;
  const owner = surviving(new pg.Client({ connectionString: options.adminUrl, application_name: 'dsem-migrate' }));
  await owner.connect();
  try {
    await owner.query(`SELECT pg_advisory_lock(hashtextextended('dsem:prepare', 0))`);
    await settled(() => createRole(owner, role, options.password));
    await owner.query(`CREATE SCHEMA IF NOT EXISTS ${quoted(schema)}`);
    await owner.query(`GRANT USAGE ON SCHEMA ${quoted(schema)} TO ${quoted(role)}`);
    for (const part of options.parts) await part(owner, { schema, role });
  } finally {
    await owner.end();
  }
};

/** Start-up settings that confine a connection to its service's role and schema. */
export const sessionOptions = (url: string, { schema, role }: DatabaseNames): string => {
  const asItself = decodeURIComponent(new URL(url).username) === role;
  return `-c search_path=${schema}${asItself ? '' : ` -c role=${role}`}`;
};

/** A pool whose every connection is the service's role in the service's schema. */
export const openPool = (url: string, names: DatabaseNames, max = 10): Pool =>
  surviving(
    new pg.Pool({
      connectionString: url,
      max,
      application_name: names.role,
      options: sessionOptions(url, names),
      connectionTimeoutMillis: 10_000,
    }),
  );
