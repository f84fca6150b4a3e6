import type { EngineObject } from '@dsem/schema';
import { foreignKinds, secretPattern } from '../../dialect/foreign.js';
import { definition } from '../../dialect/objects.js';
import { notOfExtension } from './catalogue.js';
import { optional, reloptionsOf } from './rows.js';

/** Options of an array column as `name=value`; those that may hold a secret never leave the server. */
export const openOptionArray = (column: string): string =>
  `ARRAY(SELECT o FROM unnest(${column}) AS o WHERE split_part(o, '=', 1) !~* '${secretPattern}')`;

const routineName = (oid: string): string =>
  `(SELECT p.pronamespace::regnamespace || '.' || quote_ident(p.proname) FROM pg_proc p WHERE p.oid = ${oid})`;

/** Wrappers, servers and user mappings in one answer; columns that a kind does not have are NULL. */
export const foreignQuery = `
SELECT '${foreignKinds.wrapper}' AS kind, w.fdwname::text AS name, NULL::text AS wrapper, NULL::text AS type,
  NULL::text AS version, NULL::text AS server, ${routineName('w.fdwhandler')} AS handler,
  ${routineName('w.fdwvalidator')} AS validator, ${openOptionArray('w.fdwoptions')} AS options,
  obj_description(w.oid, 'pg_foreign_data_wrapper') AS comment
FROM pg_foreign_data_wrapper w WHERE ${notOfExtension('pg_foreign_data_wrapper', 'w.oid')}
UNION ALL
SELECT '${foreignKinds.server}', s.srvname::text, w.fdwname::text, s.srvtype, s.srvversion, NULL, NULL, NULL,
  ${openOptionArray('s.srvoptions')}, obj_description(s.oid, 'pg_foreign_server')
FROM pg_foreign_server s JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw
WHERE ${notOfExtension('pg_foreign_server', 's.oid')}
UNION ALL
SELECT '${foreignKinds.mapping}', m.usename::text, NULL, NULL, NULL, m.srvname::text, NULL, NULL,
  ${openOptionArray('m.umoptions')}, NULL
FROM pg_user_mappings m`;

export interface ForeignRow {
  readonly kind: string;
  /** Of a user mapping: the user. */
  readonly name: string;
  readonly wrapper: string | null;
  readonly type: string | null;
  readonly version: string | null;
  readonly server: string | null;
  readonly handler: string | null;
  readonly validator: string | null;
  readonly options: readonly string[];
  readonly comment: string | null;
}

const present = (text: string | null): string | undefined => text ?? undefined;

/** Turns rows of `foreignQuery` into nouns. */
export const foreignObjects = (rows: readonly ForeignRow[]): readonly EngineObject[] =>
  rows.map((row) => ({
    kind: row.kind,
    name: row.server === null ? row.name : `${row.name} on ${row.server}`,
    ...optional('comment', row.comment),
    definition: definition({
      wrapper: present(row.wrapper),
      type: present(row.type),
      version: present(row.version),
      handler: present(row.handler),
      validator: present(row.validator),
      ...(row.server === null ? {} : { user: row.name, server: row.server }),
      options: reloptionsOf(row.options),
    }),
  }));
