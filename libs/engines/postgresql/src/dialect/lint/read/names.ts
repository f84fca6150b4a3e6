import type { Node } from '@pgsql/types';
import { scanSync } from 'libpg-query';
import { identifierBytes } from '../../identifiers.js';
import { walk } from '../../normalize/tree.js';
import type { Act } from '../acts.js';
import { placeOf, type Reader } from './reader.js';

const commonTables = (tree: Node): ReadonlySet<string> => {
  const names = new Set<string>();
  walk(tree, (node) => {
    if ('CommonTableExpr' in node) names.add(node.CommonTableExpr.ctename ?? '');
  });
  return names;
};

/** The grammar leaves out the tag where only a relation can stand. */
const relationsOf = (value: unknown): readonly { readonly [field: string]: unknown }[] => {
  if (Array.isArray(value)) return value.flatMap(relationsOf);
  if (typeof value !== 'object' || value === null) return [];
  const fields = value as { readonly [field: string]: unknown };
  const own = typeof fields.relname === 'string' && typeof fields.relpersistence === 'string' ? [fields] : [];
  return [...own, ...Object.values(fields).flatMap(relationsOf)];
};

/** Names that depend on the search path, and names in another database. */
export const looseNames = (reader: Reader, tree: Node): readonly Act[] => {
  const common = commonTables(tree);
  const seen = new Set<string>();
  return relationsOf(tree).flatMap(({ relname, schemaname, catalogname, relpersistence, location }): readonly Act[] => {
    const name = String(relname);
    const place = placeOf(reader, typeof location === 'number' ? location : undefined);
    if (typeof catalogname === 'string') return [{ kind: 'foreign-name', catalog: catalogname, name, ...place }];
    const known = common.has(name) || seen.has(name) || typeof schemaname === 'string' || relpersistence === 't';
    seen.add(name);
    return known ? [] : [{ kind: 'unqualified-name', name, ...place }];
  });
};

const suspicious = /[\w$\u0080-\uffff]{40,}|"[^"]{40,}"/;

const nameIn = (text: string): string => (text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text);

/** Names the server would cut; the grammar has cut them already, so they are looked for in the text. */
export const longNames = ({ statement }: Reader): readonly Act[] => {
  if (!suspicious.test(statement)) return [];
  const encoder = new TextEncoder();
  const names = scanSync(statement)
    .tokens.filter(({ tokenName }) => tokenName === 'IDENT')
    .map(({ text }) => nameIn(text))
    .filter((name) => encoder.encode(name).length > identifierBytes);
  return [...new Set(names)].map((name): Act => ({ kind: 'long-name', name }));
};
