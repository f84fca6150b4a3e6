/** Schema that holds the agent's own tables in a target database; never part of a model. */
export const controlSchema = 'dsem_control';

/** Whether the namespace alias `n` belongs to the user. */
export const ofUser = (n = 'n'): string =>
  `${n}.nspname !~ '^pg_' AND ${n}.nspname NOT IN ('information_schema', '${controlSchema}')`;

/** Whether the object `oid` of catalogue `catalogue` was made by hand and not by an extension. */
export const notOfExtension = (catalogue: string, oid: string): string =>
  `NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '${catalogue}'::regclass AND e.objid = ${oid} AND e.deptype = 'e')`;

/** Relations the model holds: tables, partitioned and foreign tables, views, materialized views. */
export const modelledRelation = (c = 'c'): string => `${c}.relkind IN ('r', 'p', 'f', 'v', 'm')`;
