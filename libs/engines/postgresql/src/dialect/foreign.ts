import type { Attributes, Table } from '@dsem/schema';
import { objectKinds } from './objects.js';

/** Options of a foreign data wrapper, server, user mapping, foreign table or one of its columns. */
export type ForeignOptions = { readonly [name: string]: string };

/** What only PostgreSQL has to reach data elsewhere, as `EngineObject.kind` calls it. */
export const foreignKinds = {
  wrapper: objectKinds.wrapper.kind,
  server: objectKinds.server.kind,
  mapping: 'user-mapping',
} as const;

/** `definition` of a foreign data wrapper; routines as `schema.name`. */
export interface WrapperDefinition {
  readonly handler?: string;
  readonly validator?: string;
  readonly options?: ForeignOptions;
}

/** `definition` of a server. */
export interface ServerDefinition {
  readonly wrapper: string;
  readonly type?: string;
  readonly version?: string;
  readonly options?: ForeignOptions;
}

/** `definition` of a user mapping, whose name is `<user> on <server>`; the user `public` stands for everybody. */
export interface MappingDefinition {
  readonly user: string;
  readonly server: string;
  readonly options?: ForeignOptions;
}

/** The pattern of options that may hold a secret, for the server's `~*` and for us. */
export const secretPattern = 'pass|secret|token|credential|sslkey|private|api_?key';

const secret = new RegExp(secretPattern, 'i');

/** Whether an option may hold a secret: such options are never read, kept, compared or printed. */
export const isSecret = (option: string): boolean => secret.test(option);

/** Options in name order without those that may hold a secret; undefined where none is left. */
export const openOptions = (options: ForeignOptions | undefined): ForeignOptions | undefined => {
  const kept = Object.entries(options ?? {}).filter(([name]) => !isSecret(name));
  return kept.length === 0 ? undefined : Object.fromEntries(kept.toSorted(([a], [b]) => (a < b ? -1 : 1)));
};

/** The server that holds a table's rows; undefined for a table of this database. */
export const serverOf = ({ attributes }: Pick<Table, 'attributes'>): string | undefined =>
  typeof attributes?.['server'] === 'string' ? attributes['server'] : undefined;

/** How SQL calls the kind of table. */
export const tableWord = (table: Pick<Table, 'attributes'>): string =>
  serverOf(table) === undefined ? 'TABLE' : 'FOREIGN TABLE';

/** The options of a foreign table or column. */
export const foreignOptionsOf = ({ attributes }: { readonly attributes?: Attributes }): ForeignOptions =>
  (attributes?.['foreignOptions'] ?? {}) as ForeignOptions;
