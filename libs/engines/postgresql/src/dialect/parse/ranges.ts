import type { CreateRangeStmt, Node } from '@pgsql/types';
import { type Json, type OtherType, pathOf } from '@dsem/schema';
import { shortest, shortestName, splitName } from '../identifiers.js';
import { defaultMultirange } from '../types/ranges.js';
import { nameParts, typeText } from '../type-names.js';
import { collationText } from '../normalize/collation.js';
import { claimType, type Draft, putType, refuse, type Site } from './draft.js';
import { type Full, nameOf, partsOfNode } from './names.js';
import { elementsOf } from './options.js';

const partsOfValue = (node: Node | undefined): readonly string[] => {
  if (node && 'TypeName' in node) return nameParts(node.TypeName.names);
  return partsOfNode(node);
};

/** A name as the model keeps it: the server's own ones stand without a schema. */
const kept = (parts: readonly string[]): string => {
  const [name = '', namespace] = [parts.at(-1), parts.at(-2)];
  return namespace === undefined || namespace === 'pg_catalog' ? shortest(name) : shortestName(namespace, name);
};

const placedName = (parts: readonly string[], range: Full): string =>
  shortestName(parts.at(-2) ?? range.namespace, parts.at(-1) ?? '');

const subtypeOf = (node: Node | undefined): string => (node && 'TypeName' in node ? typeText(node.TypeName) : '');

type Option = (node: Node | undefined, range: Full, site: Site) => { readonly [name: string]: Json | undefined };

const options: { readonly [name: string]: Option } = {
  subtype: (node) => ({ subtype: subtypeOf(node) }),
  subtype_opclass: (node) => ({ opclass: kept(partsOfValue(node)) }),
  collation: (node) => ({ collation: collationText(partsOfValue(node)) }),
  subtype_diff: (node) => ({ subtypeDiff: kept(partsOfValue(node)) }),
  multirange_type_name: (node, range) => ({ multirange: placedName(partsOfValue(node), range) }),
  canonical: (_node, range, site) =>
    refuse('A range type with a canonical function, which only C can give, is not supported', pathOf(range), site),
};

/** CREATE TYPE ... AS RANGE. */
export const createRange = (draft: Draft, statement: CreateRangeStmt, site: Site): void => {
  const name = nameOf(nameParts(statement.typeName));
  claimType(draft, name, site);
  const given = elementsOf(statement.params).map(({ defname = '', arg }) => {
    const option = options[defname];
    return option ? option(arg, name, site) : refuse(`The option ${defname} of a range is unknown`, pathOf(name), site);
  });
  const said = Object.entries(Object.assign({ multirange: defaultMultirange(name) }, ...given) as object);
  const definition = Object.fromEntries(said.filter((entry): entry is [string, Json] => entry[1] !== undefined));
  const type: OtherType = { kind: 'other', ...name, definition: { kind: 'range', ...definition } };
  claimType(draft, nameOf(splitName(String(definition.multirange))), site);
  putType(draft, type);
};
