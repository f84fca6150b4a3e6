import type { EngineObject, IndexKey, Partitioning, Schema } from '@dsem/schema';
import { shortest, shortestName, splitName } from '../identifiers.js';
import { definitionOf, objectKinds } from '../objects.js';
import type { OperatorClassDefinition } from '../operator-classes.js';
import type { PartitionKeyAttributes } from '../types.js';
import { defaultNamespace } from '../types.js';

/** Classes of the server that are no default: a bare name means them before any other. */
const serverClass = /_(pattern|path|minmax_multi|bloom|image|minmax|inclusion)_ops$/;

type Place = (opclass: string, method: string | undefined) => string;

/**
 * A class of the user outside of `public` is called with its schema, however it was found; those of extensions are called
 * by their names alone, as the schema of an extension is a matter of the installation.
 */
const placing = (others: readonly EngineObject[]): Place => {
  const classes = others
    .filter(({ kind }) => kind === objectKinds.operatorClass.kind)
    .map((one) => ({ ...definitionOf<OperatorClassDefinition>(one), namespace: one.namespace ?? defaultNamespace }));
  return (opclass, method = 'btree') => {
    const parts = splitName(opclass);
    const [name = '', namespace] = [parts.at(-1), parts.at(-2)];
    const alike = classes.filter((one) => one.class === name && one.method === method);
    const only = alike.length === 1 && !serverClass.test(name) ? alike[0] : undefined;
    const isPublic = alike.some((one) => one.namespace === defaultNamespace);
    const found =
      namespace === undefined ? (isPublic ? undefined : only) : alike.find((one) => one.namespace === namespace);
    return found === undefined || found.namespace === defaultNamespace
      ? shortest(name)
      : shortestName(found.namespace, name);
  };
};

const ofKey = (key: IndexKey, method: string | undefined, place: Place): IndexKey => {
  const opclass = key.attributes?.['opclass'];
  return typeof opclass === 'string'
    ? { ...key, attributes: { ...key.attributes, opclass: place(opclass, method) } }
    : key;
};

const ofIndexes = <Holder extends Pick<Schema['views'][number], 'indexes'>>(holder: Holder, place: Place): Holder =>
  holder.indexes?.some(({ keys }) => keys.some(({ attributes }) => attributes?.['opclass'] !== undefined))
    ? {
        ...holder,
        indexes: holder.indexes.map((index) => ({
          ...index,
          keys: index.keys.map((key) => ofKey(key, index.method, place)),
        })),
      }
    : holder;

const ofPartitioning = (partitioning: Partitioning, place: Place): Partitioning => {
  const keys = partitioning.attributes?.['keys'] as readonly PartitionKeyAttributes[] | undefined;
  const method = partitioning.strategy === 'hash' ? 'hash' : 'btree';
  if (!keys?.some(({ opclass }) => opclass !== undefined)) return partitioning;
  const placed = keys.map((key) => (key.opclass === undefined ? key : { ...key, opclass: place(key.opclass, method) }));
  return { ...partitioning, attributes: { ...partitioning.attributes, keys: placed.map((key) => ({ ...key })) } };
};

/** Operator classes of indexes and partition keys under the names by which they are compared. O(keys). */
export const withClassNames = (schema: Schema): Schema => {
  const place = placing(schema.others);
  return {
    ...schema,
    views: schema.views.map((view) => ofIndexes(view, place)),
    tables: schema.tables.map((table) => {
      const made = ofIndexes(table, place);
      return made.partitioning === undefined
        ? made
        : { ...made, partitioning: ofPartitioning(made.partitioning, place) };
    }),
  };
};
