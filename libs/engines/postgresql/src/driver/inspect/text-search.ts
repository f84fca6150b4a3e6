import type { Attributes, EngineObject } from '@dsem/schema';
import { definition, objectKinds } from '../../dialect/objects.js';
import { spelledName } from '../../dialect/text-search.js';
import { notOfExtension, ofUser } from './catalogue.js';
import { optional } from './rows.js';

const named = (catalogue: string, prefix: string, oid: string): string =>
  `(SELECT jsonb_build_object('namespace', m.nspname, 'name', o.${prefix}name)
    FROM ${catalogue} o JOIN pg_namespace m ON m.oid = o.${prefix}namespace WHERE o.oid = ${oid})`;

const of = (kind: string, catalogue: string, prefix: string, parts: string): string => `
SELECT '${kind}' AS kind, x.${prefix}name::text AS name, n.nspname::text AS namespace, ${parts},
  obj_description(x.oid, '${catalogue}') AS comment
FROM ${catalogue} x JOIN pg_namespace n ON n.oid = x.${prefix}namespace
WHERE ${ofUser()} AND ${notOfExtension(catalogue, 'x.oid')}`;

const functions = (columns: { readonly [word: string]: string }): string =>
  `jsonb_build_object(${Object.entries(columns)
    .map(([word, column]) => `'${word}', ${named('pg_proc', 'pro', `x.${column}`)}`)
    .join(', ')}) AS names, NULL::text AS options, NULL::jsonb AS mappings`;

/** Parsers, templates, dictionaries and configurations in one answer; columns that a kind does not have are NULL. */
export const textSearchQuery = [
  of(
    objectKinds.parser.kind,
    'pg_ts_parser',
    'prs',
    functions({
      start: 'prsstart',
      gettoken: 'prstoken',
      end: 'prsend',
      lextypes: 'prslextype',
      headline: 'prsheadline',
    }),
  ),
  of(objectKinds.template.kind, 'pg_ts_template', 'tmpl', functions({ lexize: 'tmpllexize', init: 'tmplinit' })),
  of(
    objectKinds.dictionary.kind,
    'pg_ts_dict',
    'dict',
    `jsonb_build_object('template', ${named('pg_ts_template', 'tmpl', 'x.dicttemplate')}), x.dictinitoption, NULL`,
  ),
  of(
    objectKinds.configuration.kind,
    'pg_ts_config',
    'cfg',
    `jsonb_build_object('parser', ${named('pg_ts_parser', 'prs', 'x.cfgparser')}), NULL,
  (SELECT jsonb_agg(jsonb_build_object('token', t.alias, 'dictionary', ${named('pg_ts_dict', 'dict', 'p.mapdict')})
      ORDER BY p.maptokentype, p.mapseqno)
    FROM pg_ts_config_map p JOIN ts_token_type(x.cfgparser) t ON t.tokid = p.maptokentype WHERE p.mapcfg = x.oid)`,
  ),
].join('\nUNION ALL\n');

interface NameRow {
  readonly namespace: string;
  readonly name: string;
}

export interface TextSearchRow extends NameRow {
  readonly kind: string;
  /** What the definition names, by the property; null for functions that are not given. */
  readonly names: { readonly [property: string]: NameRow | null };
  /** Of a dictionary, as the server keeps it: `stopwords = 'english'`. */
  readonly options: string | null;
  readonly mappings: readonly { readonly token: string; readonly dictionary: NameRow }[] | null;
  readonly comment: string | null;
}

const option = /("(?:[^"]|"")*"|[^\s=,]+)\s*=\s*(?:(E?)'((?:[^']|'')*)'|([^,\s]+))/g;

const optionsIn = (text: string | null): Attributes | undefined => {
  const pairs = [...(text ?? '').matchAll(option)].map(([, name = '', escaped, quoted, bare]): [string, string] => {
    const plain = name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
    const value = (quoted ?? bare ?? '').replaceAll("''", "'");
    return [plain, escaped === 'E' ? value.replaceAll('\\\\', '\\') : value];
  });
  return pairs.length === 0 ? undefined : Object.fromEntries(pairs);
};

const mappingsIn = (rows: TextSearchRow['mappings']): Attributes | undefined => {
  const held = new Map<string, readonly string[]>();
  for (const { token, dictionary } of rows ?? [])
    held.set(token, [...(held.get(token) ?? []), spelledName(dictionary)]);
  return held.size === 0 ? undefined : Object.fromEntries(held);
};

/** Turns rows of `textSearchQuery` into nouns. */
export const textSearchObjects = (rows: readonly TextSearchRow[]): readonly EngineObject[] =>
  rows.map((row) => ({
    kind: row.kind,
    namespace: row.namespace,
    name: row.name,
    ...optional('comment', row.comment),
    definition: definition({
      ...Object.fromEntries(
        Object.entries(row.names).flatMap(([property, name]) => (name === null ? [] : [[property, spelledName(name)]])),
      ),
      options: optionsIn(row.options),
      mappings: mappingsIn(row.mappings),
    }),
  }));
