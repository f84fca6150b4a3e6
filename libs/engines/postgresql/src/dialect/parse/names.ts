import type { Node, RangeVar } from '@pgsql/types';
import type { ObjectName } from '@dsem/schema';
import { nameParts } from '../type-names.js';
import { defaultNamespace } from '../types.js';

/** A name as written, with the schema filled in. */
export interface Full {
  readonly namespace: string;
  readonly name: string;
}

/** The name of a relation as the parser gives it. */
export const relationOf = (relation: RangeVar | undefined): Full => ({
  namespace: relation?.schemaname ?? defaultNamespace,
  name: relation?.relname ?? '',
});

/** A name given as a list of strings (`DROP TABLE a.b`). */
export const nameOf = (parts: readonly string[]): Full => ({
  namespace: parts.length > 1 ? parts.at(-2)! : defaultNamespace,
  name: parts.at(-1) ?? '',
});

/** The same, from a `List` node, a `TypeName` node or a `String` node. */
export const nameOfNode = (node: Node | undefined): Full => nameOf(partsOfNode(node));

/** The strings of a `List`, `TypeName` or `String` node. */
export const partsOfNode = (node: Node | undefined): readonly string[] => {
  if (!node) return [];
  if ('List' in node) return nameParts(node.List.items);
  if ('TypeName' in node) return nameParts(node.TypeName.names);
  return nameParts([node]);
};

/** Whether two names mean the same object. */
export const sameName = (one: ObjectName, other: ObjectName): boolean =>
  one.name === other.name && (one.namespace ?? defaultNamespace) === (other.namespace ?? defaultNamespace);
