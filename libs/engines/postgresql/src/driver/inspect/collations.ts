import type { EngineObject } from '@dsem/schema';
import { definition, objectKinds } from '../../dialect/objects.js';
import { notOfExtension, ofUser } from './catalogue.js';
import { optional } from './rows.js';

/** The locale stands in `colllocale` from 17 on, in `colliculocale` on 15 and 16, before in both halves. */
export const collationQuery = `
SELECT c.collname::text AS name, n.nspname::text AS namespace, c.collprovider AS provider,
  coalesce(to_jsonb(c)->>'colllocale', to_jsonb(c)->>'colliculocale') AS locale, c.collcollate::text AS lc_collate,
  c.collctype::text AS lc_ctype, c.collisdeterministic AS deterministic, to_jsonb(c)->>'collicurules' AS rules,
  obj_description(c.oid, 'pg_collation') AS comment
FROM pg_collation c JOIN pg_namespace n ON n.oid = c.collnamespace
WHERE ${ofUser()} AND ${notOfExtension('pg_collation', 'c.oid')}`;

export interface CollationRow {
  readonly name: string;
  readonly namespace: string;
  readonly provider: string;
  readonly locale: string | null;
  readonly lc_collate: string | null;
  readonly lc_ctype: string | null;
  readonly deterministic: boolean;
  readonly rules: string | null;
  readonly comment: string | null;
}

const providers: { readonly [letter: string]: string } = { i: 'icu', b: 'builtin' };

/** Turns rows of `collationQuery` into nouns. */
export const collations = (rows: readonly CollationRow[]): readonly EngineObject[] =>
  rows.map((row) => ({
    kind: objectKinds.collation.kind,
    namespace: row.namespace,
    name: row.name,
    ...optional('comment', row.comment),
    definition: definition({
      provider: providers[row.provider],
      locale: row.locale ?? undefined,
      lcCollate: row.lc_collate ?? undefined,
      lcCtype: row.lc_ctype ?? undefined,
      deterministic: row.deterministic ? undefined : false,
      rules: row.rules ?? undefined,
    }),
  }));
