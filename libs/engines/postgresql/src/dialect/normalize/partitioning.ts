import type { Node, PartitionElem, PartitionSpec } from '@pgsql/types';
import { type Column, type Partitioning, UnsupportedDefinition } from '@dsem/schema';
import { expressionTree, printTree, statementsOf } from '../grammar.js';
import { writtenClass } from '../opclasses.js';
import { nameParts } from '../type-names.js';
import type { PartitionKeyAttributes } from '../types.js';
import { collationText } from './collation.js';
import { normalExpression, type Owner, surroundingsOf } from './expression.js';
import { typeOf } from './infer.js';
import { plainType } from './scope.js';

/** The tree of `RANGE (a, lower(b))` and the like. @throws DefinitionSyntaxError when the text is none. */
const partitioningTree = (text: string): PartitionSpec => {
  const [statement] = statementsOf(`CREATE TABLE t () PARTITION BY ${text}`);
  const node = statement?.stmt;
  const spec = node && 'CreateStmt' in node ? node.CreateStmt.partspec : undefined;
  if (spec === undefined) throw new UnsupportedDefinition(`Not a way to partition: ${text}`);
  return spec;
};

const strategies: { readonly [name: string]: string } = {
  PARTITION_STRATEGY_LIST: 'list',
  PARTITION_STRATEGY_RANGE: 'range',
  PARTITION_STRATEGY_HASH: 'hash',
};

const elements = (nodes: readonly Node[] | undefined): readonly PartitionElem[] =>
  (nodes ?? []).flatMap((node) => ('PartitionElem' in node ? [node.PartitionElem] : []));

const attributesOf = (element: PartitionElem): PartitionKeyAttributes => {
  const collation = element.collation && collationText(nameParts(element.collation));
  const opclass = element.opclass && writtenClass(nameParts(element.opclass));
  return {
    ...(element.expr ? { expression: true as const } : {}),
    ...(collation ? { collation } : {}),
    ...(opclass ? { opclass } : {}),
  };
};

const withKeys = (
  strategy: string,
  keys: readonly string[],
  attributes: readonly PartitionKeyAttributes[],
): Partitioning => {
  const plain = attributes.every((one) => Object.keys(one).length === 0);
  return { strategy, keys, ...(plain ? {} : { attributes: { keys: attributes.map((one) => ({ ...one })) } }) };
};

/** How a table is partitioned, as its PARTITION BY says; expressions are not in normal form yet. */
export const partitioningOf = (spec: PartitionSpec): Partitioning => {
  const parts = elements(spec.partParams);
  const keys = parts.map(({ name, expr }) => (expr ? printTree(expr) : (name ?? '')));
  return withKeys(strategies[spec.strategy ?? ''] ?? '', keys, parts.map(attributesOf));
};

/** What stands beside each key. */
export const keyAttributes = ({ keys, attributes }: Partitioning): readonly PartitionKeyAttributes[] => {
  const given = (attributes?.['keys'] ?? []) as readonly PartitionKeyAttributes[];
  return keys.map((_, at) => given[at] ?? {});
};

const bareColumn = (expression: string, owner: Owner): string | undefined => {
  const tree = expressionTree(expression);
  const parts = 'ColumnRef' in tree ? nameParts(tree.ColumnRef.fields) : [];
  const name = parts.length === 1 ? parts[0] : undefined;
  return name !== undefined && owner.columns.has(name) ? name : undefined;
};

/** A column's own collation is that of its key. */
const withoutOwnCollation = (
  attributes: PartitionKeyAttributes,
  column: Column | undefined,
): PartitionKeyAttributes => {
  const { collation, ...rest } = attributes;
  return collation === undefined || collation === column?.attributes?.['collation'] ? rest : attributes;
};

/** A way to partition in normal form; a catalogue's text (`attributes.definition`) is taken apart first. */
export const normalPartitioning = (partitioning: Partitioning, owner: Owner): Partitioning => {
  const definition = partitioning.attributes?.['definition'];
  const read = typeof definition === 'string' ? partitioningOf(partitioningTree(definition)) : partitioning;
  const pairs = keyAttributes(read).map((attributes, at): readonly [string, PartitionKeyAttributes] => {
    const key = read.keys[at] ?? '';
    if (!attributes.expression) return [key, withoutOwnCollation(attributes, owner.columns.get(key))];
    const text = normalExpression(key, owner);
    const column = bareColumn(text, owner);
    const { expression: _, ...rest } = attributes;
    return column === undefined ? [text, attributes] : [column, withoutOwnCollation(rest, owner.columns.get(column))];
  });
  return withKeys(
    read.strategy,
    pairs.map(([key]) => key),
    pairs.map(([, attributes]) => attributes),
  );
};

/** The type of each key without modifiers; undefined where only the server knows it. */
export const keyTypes = (partitioning: Partitioning, owner: Owner): readonly (string | undefined)[] =>
  keyAttributes(partitioning).map(({ expression }, at) => {
    const key = partitioning.keys[at] ?? '';
    if (expression) return typeOf(expressionTree(key), surroundingsOf(owner));
    const native = owner.columns.get(key)?.type.native;
    return native === undefined ? undefined : plainType(native);
  });
