import type { TypeDefinition } from '@dsem/schema';
import { shortestName } from './identifiers.js';
import { defaultNamespace, typeParts } from './types.js';

const extended = new Set(
  (
    'bit/bit varying/character/bpchar/character varying/bytea/json/jsonb/jsonpath/path/polygon/refcursor/text/tsvector/xml/' +
    'pg_snapshot/txid_snapshot/int4range/int8range/numrange/tsrange/tstzrange/daterange/int4multirange/int8multirange/' +
    'nummultirange/tsmultirange/tstzmultirange/datemultirange'
  ).split('/'),
);
const main = new Set(['cidr', 'inet', 'numeric']);

const ofDefinition = (type: TypeDefinition, types: readonly TypeDefinition[]): string | undefined => {
  switch (type.kind) {
    case 'enum':
      return 'plain';
    case 'struct':
      return 'extended';
    case 'domain':
      return usualStorage(type.base.native, types);
    case 'other':
      return undefined;
    default:
      return type satisfies never;
  }
};

/** How the server stores values of a type when nothing is said; undefined for types only it knows. O(types). */
export const usualStorage = (native: string, types: readonly TypeDefinition[]): string | undefined => {
  if (native.endsWith('[]')) return 'extended';
  const { base } = typeParts(native);
  if (extended.has(base)) return 'extended';
  if (main.has(base)) return 'main';
  if (!base.includes('.')) return 'plain';
  const type = types.find((one) => shortestName(one.namespace ?? defaultNamespace, one.name) === base);
  return type && ofDefinition(type, types);
};
