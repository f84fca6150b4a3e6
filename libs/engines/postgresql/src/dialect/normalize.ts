import {
  normalizeSchema,
  type Schema,
  type TypeDefinition,
  type Table,
  tableFinder,
  UnsupportedDefinition,
  pathOf,
} from '@dsem/schema';
import { loadGrammar } from './grammar.js';
import { shortestName } from './identifiers.js';
import type { Catalogue } from './normalize/catalogue.js';
import type { KindOf } from './normalize/columns.js';
import { normalFamilies } from './normalize/family.js';
import { normalObjects } from './normalize/objects.js';
import { normalGrants } from './normalize/grants.js';
import { normalPolicy } from './normalize/policies.js';
import { normalRoutine } from './normalize/routines.js';
import { normalSequence } from './normalize/sequences.js';
import { normalTrigger } from './normalize/triggers.js';
import { normalTable } from './normalize/tables.js';
import { normalViews } from './normalize/views.js';
import { defaultNamespace, placed } from './types.js';

const refuseKind = (object: string, what = 'This kind of object'): never => {
  throw new UnsupportedDefinition(`${what} is not supported yet: ${object}`, { object });
};

const normalTypeDefinition = (type: TypeDefinition): TypeDefinition =>
  type.kind === 'enum' ? { ...type, ...placed(type) } : refuseKind(pathOf(type), `A type of kind ${type.kind}`);

/** How a native spelling of a user's type is to be understood. */
const kinds = (types: readonly TypeDefinition[]): KindOf => {
  const known = new Map(
    types.map((type) => [shortestName(type.namespace ?? defaultNamespace, type.name), pathOf(placed(type))]),
  );
  return (native) => {
    const type = known.get(native);
    return type === undefined ? undefined : { kind: 'enum', type };
  };
};

/** What the collections that stand beside types, sequences, tables and views become; one line each. */
const normalOthers = (
  schema: Schema,
  catalogue: Catalogue,
): Pick<Schema, 'routines' | 'triggers' | 'policies' | 'grants'> => ({
  policies: schema.policies.map((policy) => normalPolicy(policy, catalogue)),
  grants: normalGrants(schema.grants),
  routines: schema.routines.map((routine) => normalRoutine(routine, catalogue)),
  triggers: schema.triggers.map((trigger) => normalTrigger(trigger, catalogue)),
});

/** Names written without a schema would not be found by it. */
const withFullNames = (table: Table): Table => ({
  ...table,
  ...placed(table),
  ...(table.partitionOf && { partitionOf: { ...placed(table.partitionOf), bound: table.partitionOf.bound } }),
  ...(table.inherits && { inherits: table.inherits.map(placed) }),
});

/** Brings a model from JSON, from a server or from the parser into the one form that is compared. O(schema). */
export const normalize = async (schema: Schema): Promise<Schema> => {
  await loadGrammar();
  const types = schema.types.map(normalTypeDefinition);
  const kindOf = kinds(types);
  const named = schema.tables.map(withFullNames);
  const find = tableFinder({ tables: named });
  const tables = normalFamilies(named.map((table) => normalTable(table, kindOf, find)));
  const { views, catalogue } = normalViews({ ...schema, tables });
  return normalizeSchema({
    ...schema,
    namespaces: schema.namespaces.filter(({ name }) => name !== defaultNamespace),
    extensions: schema.extensions
      .filter(({ name }) => name !== 'plpgsql')
      .map((extension) => ({ ...extension, namespace: extension.namespace ?? defaultNamespace })),
    types,
    sequences: schema.sequences.map((sequence) => normalSequence(sequence, find)),
    tables,
    views,
    ...normalOthers(schema, catalogue),
    others: normalObjects(schema.others, tableFinder({ tables })),
  });
};
