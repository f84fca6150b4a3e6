import { shortest, shortestName } from './identifiers.js';

const minmax =
  'bit bpchar bytea char date float4 float8 int2 int4 int8 interval macaddr8 macaddr name numeric oid pg_lsn text tid time ' +
  'timestamp timestamptz timetz uuid varbit';
const comparable =
  'array bool bpchar bytea char date enum float4 float8 inet int2 int4 int8 interval jsonb macaddr8 macaddr multirange ' +
  'name numeric oid oidvector pg_lsn range record text tid time timestamp timestamptz timetz uuid xid8';
const scalars =
  'bit bool bpchar bytea cash char date enum float4 float8 inet int2 int4 int8 interval macad macad8 numeric oid text time ' +
  'timestamp timestamptz timetz uuid vbit';

const named = (types: string, pattern: (type: string) => string): readonly string[] =>
  types.split(' ').map((type) => pattern(type));

/** Operator classes that the server takes by itself, those of `btree_gist` and `btree_gin` included, by access method. */
const defaults: { readonly [method: string]: ReadonlySet<string> } = {
  brin: new Set([
    ...named(minmax, (one) => `${one}_minmax_ops`),
    ...named('box inet range', (one) => `${one}_inclusion_ops`),
  ]),
  btree: new Set(named(`${comparable} bit money tsquery tsvector varbit citext`, (one) => `${one}_ops`)),
  gin: new Set([...named('array jsonb tsvector', (one) => `${one}_ops`), ...named(scalars, (one) => `${one}_ops`)]),
  gist: new Set([
    ...named('box circle multirange point poly range tsquery tsvector', (one) => `${one}_ops`),
    ...named(scalars, (one) => `gist_${one}_ops`),
  ]),
  hash: new Set(named(`${comparable} aclitem cid xid citext`, (one) => `${one}_ops`)),
  spgist: new Set(named('box inet poly quad_point range text', (one) => `${one}_ops`)),
};

/** An operator class as a statement names it; those of the server and of `public` stand alone. */
export const writtenClass = (parts: readonly string[]): string => {
  const [name = '', namespace] = [parts.at(-1), parts.at(-2)];
  return namespace === undefined || namespace === 'pg_catalog' || namespace === 'public'
    ? shortest(name)
    : shortestName(namespace, name);
};

/** Whether an access method takes the operator class where none is named. */
export const isDefaultOpclass = (opclass: string, method = 'btree'): boolean => defaults[method]?.has(opclass) ?? false;
