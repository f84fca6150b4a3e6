import type { Node, RangeVar, TypeName } from '@pgsql/types';
import type { Location } from '@dsem/schema';
import type { Full } from '../../parse/names.js';
import { partsOfNode } from '../../parse/names.js';
import { nameParts, typeText } from '../../type-names.js';
import type { Places } from '../places.js';

/** What reading a statement needs beside its tree. */
export interface Reader {
  /** Where names without a schema lie: the first schema of the search path. */
  readonly namespace: string;
  /** The whole script. */
  readonly text: string;
  /** The statement that is read, as it is written. */
  readonly statement: string;
  readonly places: Places;
}

/** The place of a node, where the grammar tells it. */
export const placeOf = ({ places }: Reader, offset: number | undefined): { readonly at?: Location } =>
  offset === undefined || offset < 0 ? {} : { at: places.at(offset) };

/** A name of one or two parts. */
export const full = ({ namespace }: Reader, parts: readonly string[]): Full => ({
  namespace: parts.length > 1 ? parts.at(-2)! : namespace,
  name: parts.at(-1) ?? '',
});

/** The name of a relation; temporary ones live in a schema of their own. */
export const relation = (reader: Reader, node: RangeVar | undefined): Full => ({
  namespace: node?.schemaname ?? (node?.relpersistence === 't' ? 'pg_temp' : reader.namespace),
  name: node?.relname ?? '',
});

/** The name in a `List`, `TypeName`, `String` or `ObjectWithArgs` node. */
export const nodeName = (reader: Reader, node: Node | undefined): Full => {
  if (node && 'ObjectWithArgs' in node) return full(reader, nameParts(node.ObjectWithArgs.objname));
  if (node && 'RangeVar' in node) return relation(reader, node.RangeVar);
  return full(reader, partsOfNode(node));
};

/** Relations of a list of nodes. */
export const relations = (reader: Reader, nodes: readonly Node[] | undefined): readonly Full[] =>
  (nodes ?? []).flatMap((node) => ('RangeVar' in node ? [relation(reader, node.RangeVar)] : []));

/** `format_type` spelling of a type; what it cannot spell keeps its written name. */
export const typeOf = (type: TypeName | undefined): string => {
  if (type === undefined) return '';
  try {
    return typeText(type);
  } catch {
    return nameParts(type.names).join('.');
  }
};
