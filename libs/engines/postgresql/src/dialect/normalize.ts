import { normalizeSchema, type Schema, type Table, tableFinder } from '@dsem/schema';
import { loadGrammar } from './grammar.js';
import type { Catalogue } from './normalize/catalogue.js';
import { normalFamilies } from './normalize/family.js';
import { knownTypes } from './normalize/known-types.js';
import { normalObjects } from './normalize/objects.js';
import { normalGrants } from './normalize/grants.js';
import { normalPolicy } from './normalize/policies.js';
import { normalRoutine } from './normalize/routines.js';
import { normalSequence } from './normalize/sequences.js';
import { normalTrigger } from './normalize/triggers.js';
import { withClassNames } from './normalize/class-names.js';
import { normalTable } from './normalize/tables.js';
import { normalTypeDefinition } from './normalize/types.js';
import { normalViews } from './normalize/views.js';
import { defaultNamespace, placed } from './types.js';

/** What the collections that stand beside types, sequences, tables and views become; one line each. */
const normalOthers = (
  schema: Schema,
  catalogue: Catalogue,
): Pick<Schema, 'routines' | 'triggers' | 'policies' | 'grants'> => ({
  policies: schema.policies.map((policy) => normalPolicy(policy, catalogue)),
  grants: normalGrants(schema),
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
  const known = knownTypes(schema.types);
  const types = schema.types.map((type) => normalTypeDefinition(type, known));
  const named = schema.tables.map(withFullNames);
  const find = tableFinder({ tables: named });
  const tables = normalFamilies(named.map((table) => normalTable(table, known, find)));
  const sequences = schema.sequences.map((sequence) => normalSequence(sequence, find));
  const { views, catalogue } = normalViews({ ...schema, tables }, known);
  const made: Schema = {
    ...schema,
    namespaces: schema.namespaces.filter(({ name }) => name !== defaultNamespace),
    extensions: schema.extensions
      .filter(({ name }) => name !== 'plpgsql')
      .map((extension) => ({ ...extension, namespace: extension.namespace ?? defaultNamespace })),
    types,
    sequences,
    tables,
    views,
    ...normalOthers({ ...schema, sequences }, catalogue),
    others: normalObjects(schema.others, tableFinder({ tables })),
  };
  return normalizeSchema(withClassNames(made));
};
