import type { EngineObject } from '@dsem/schema';
import { type DefaultObjects, defaultPrivilegesOf } from '../../dialect/default-privileges.js';
import { everybody } from '../../dialect/grants.js';
import { ofUser } from './catalogue.js';
import { completed } from './grants.js';
import { optional } from './rows.js';

const place = `CASE x.defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences' WHEN 'f' THEN 'functions' WHEN 'T' THEN 'types'
    ELSE 'schemas' END AS objects, n.nspname::text AS schema, CASE WHEN r.rolname <> current_user THEN r.rolname::text END AS role`;

const from = `FROM pg_default_acl x JOIN pg_roles r ON r.oid = x.defaclrole LEFT JOIN pg_namespace n ON n.oid = x.defaclnamespace`;
const where = `WHERE x.defaclobjtype IN ('r', 'S', 'f', 'T', 'n') AND (n.oid IS NULL OR ${ofUser()})`;
const major = `current_setting('server_version_num')::integer / 10000 AS major`;

/** Default privileges of every grantee but the role itself; what everybody has by default and was taken away as nothing. */
export const defaultPrivilegesQuery = `
SELECT ${place}, coalesce((SELECT g.rolname::text FROM pg_roles g WHERE g.oid = a.grantee), '${everybody}') AS grantee,
  array_agg(DISTINCT a.privilege_type) AS privileges,
  coalesce(array_agg(DISTINCT a.privilege_type) FILTER (WHERE a.is_grantable), '{}') AS grantable, ${major}
${from} CROSS JOIN LATERAL aclexplode(x.defaclacl) a
${where} AND a.grantee <> x.defaclrole
  AND NOT (a.grantee = 0 AND x.defaclnamespace = 0 AND x.defaclobjtype IN ('f', 'T'))
GROUP BY 1, 2, 3, a.grantee
UNION ALL
SELECT ${place}, '${everybody}', '{}', '{}', ${major}
${from} ${where} AND x.defaclnamespace = 0 AND x.defaclobjtype IN ('f', 'T')
  AND NOT EXISTS (SELECT FROM aclexplode(x.defaclacl) a WHERE a.grantee = 0)`;

export interface DefaultPrivilegesRow {
  readonly objects: DefaultObjects;
  readonly schema: string | null;
  readonly role: string | null;
  readonly grantee: string;
  readonly privileges: readonly string[];
  readonly grantable: readonly string[];
  readonly major: number;
}

/** Turns rows of `defaultPrivilegesQuery` into nouns. */
export const defaultPrivileges = (rows: readonly DefaultPrivilegesRow[]): readonly EngineObject[] =>
  rows.map(({ objects, schema, role, grantee, privileges, grantable, major: version }) => {
    const whole = (held: readonly string[]): readonly string[] =>
      objects === 'tables' && version < 17 ? completed(held) : held;
    return defaultPrivilegesOf({
      objects,
      grantee,
      privileges: whole(privileges),
      grantable: whole(grantable),
      ...optional('schema', schema),
      ...optional('role', role),
    });
  });
