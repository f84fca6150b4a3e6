import {
  normalizeSchema,
  type Schema,
  type Sequence,
  type TypeDefinition,
  UnsupportedDefinition,
  pathOf,
} from '@dsem/schema';
import { loadGrammar } from './grammar.js';
import { shortestName } from './identifiers.js';
import { type KindOf, normalOptions } from './normalize/columns.js';
import { normalTable } from './normalize/tables.js';
import { normalViews } from './normalize/views.js';
import { normalTypeText } from './type-names.js';
import { defaultNamespace, placed } from './types.js';

const normalSequence = (sequence: Sequence): Sequence => {
  const { type, options, ownedBy, ...rest } = sequence;
  const native = normalTypeText(type ?? 'bigint');
  const kept = normalOptions(native, options);
  return {
    ...rest,
    ...placed(sequence),
    ...(native === 'bigint' ? {} : { type: native }),
    ...(kept ? { options: kept } : {}),
    ...(ownedBy ? { ownedBy: { ...placed(ownedBy), column: ownedBy.column } } : {}),
  };
};

const normalTypeDefinition = (type: TypeDefinition): TypeDefinition => {
  if (type.kind === 'enum') return { ...type, ...placed(type) };
  const object = pathOf(type);
  throw new UnsupportedDefinition(`A type of kind ${type.kind} is not supported: ${object}`, { object });
};

const kinds = (types: readonly TypeDefinition[]): KindOf => {
  const enums = new Map(
    types.map((type) => [shortestName(type.namespace ?? defaultNamespace, type.name), pathOf(placed(type))]),
  );
  return (native) => {
    const type = enums.get(native);
    return type === undefined ? undefined : { kind: 'enum', type };
  };
};

const refuseUnknown = (schema: Schema): void => {
  const unknown = [...schema.routines, ...schema.triggers, ...schema.policies, ...schema.grants, ...schema.others][0];
  if (!unknown) return;
  const object = pathOf('namespace' in unknown ? unknown : { name: unknown.name });
  throw new UnsupportedDefinition(`This kind of object is not supported yet: ${object}`, { object });
};

/** Brings a model from JSON, from a server or from the parser into the one form that is compared. O(schema). */
export const normalize = async (schema: Schema): Promise<Schema> => {
  await loadGrammar();
  refuseUnknown(schema);
  const types = schema.types.map(normalTypeDefinition);
  const kindOf = kinds(types);
  const tables = schema.tables.map((table) => normalTable(table, kindOf));
  return normalizeSchema({
    ...schema,
    namespaces: schema.namespaces.filter(({ name }) => name !== defaultNamespace),
    extensions: schema.extensions
      .filter(({ name }) => name !== 'plpgsql')
      .map((extension) => ({ ...extension, namespace: extension.namespace ?? defaultNamespace })),
    types,
    sequences: schema.sequences.map(normalSequence),
    tables,
    views: normalViews({ ...schema, tables }),
  });
};
