import { emptySchema, type Schema } from '@dsem/schema';
import { loadGrammar } from '../dialect/grammar.js';
import type { Link } from './connect.js';
import { aggregateQuery, type AggregateRow, aggregates } from './inspect/aggregates.js';
import { columnQuery, type ColumnRow } from './inspect/columns.js';
import { constraintQuery, type ConstraintRow } from './inspect/constraints.js';
import { grantQuery, type GrantRow, grants } from './inspect/grants.js';
import { indexQuery, type IndexRow } from './inspect/indexes.js';
import {
  extensionQuery,
  type ExtensionRow,
  extensions,
  namespaceQuery,
  type NamespaceRow,
  namespaces,
} from './inspect/namespaces.js';
import { engineObjects, objectQueries, type ObjectRows } from './inspect/objects.js';
import { ownerQuery, type OwnerRow, owners, ownPrivilegeQuery } from './inspect/owners.js';
import { policies, policyQuery, type PolicyRow } from './inspect/policies.js';
import { namesOf, relationQuery, type RelationRow, tables, views } from './inspect/relations.js';
import { routineQuery, type RoutineRow, routines } from './inspect/routines.js';
import { type ColumnPlace, sequenceQuery, type SequenceRow, sequences } from './inspect/sequences.js';
import { ruleQuery, type RuleRow, rules } from './inspect/rules.js';
import { triggerQuery, type TriggerRow, triggers } from './inspect/triggers.js';
import {
  domainQuery,
  type DomainRow,
  domains,
  enumQuery,
  type EnumRow,
  enums,
  rangeQuery,
  type RangeRow,
  ranges,
  structQuery,
  type StructRow,
  structs,
} from './inspect/types.js';
import { unmanaged, unmanagedQuery, type UnmanagedRow } from './inspect/unmanaged.js';

/** What each query of a look at the database answers. */
interface Rows extends ObjectRows {
  readonly namespaces: NamespaceRow;
  readonly extensions: ExtensionRow;
  readonly relations: RelationRow;
  readonly columns: ColumnRow;
  readonly constraints: ConstraintRow;
  readonly indexes: IndexRow;
  readonly sequences: SequenceRow;
  readonly enums: EnumRow;
  readonly policies: PolicyRow;
  readonly grants: GrantRow;
  readonly routines: RoutineRow;
  readonly aggregates: AggregateRow;
  readonly triggers: TriggerRow;
  readonly rules: RuleRow;
  readonly domains: DomainRow;
  readonly structs: StructRow;
  readonly ranges: RangeRow;
  readonly unmanaged: UnmanagedRow;
  readonly owners: OwnerRow;
  readonly ownPrivileges: GrantRow;
}

type Catalogue = { readonly [Name in keyof Rows]: readonly Rows[Name][] };

/** What is read only where owners are asked for. */
type OfOwners = 'owners' | 'ownPrivileges';

const queries: { readonly [Name in Exclude<keyof Rows, OfOwners>]: string } = {
  namespaces: namespaceQuery,
  extensions: extensionQuery,
  relations: relationQuery,
  columns: columnQuery,
  constraints: constraintQuery,
  indexes: indexQuery,
  sequences: sequenceQuery,
  enums: enumQuery,
  policies: policyQuery,
  grants: grantQuery,
  domains: domainQuery,
  structs: structQuery,
  ranges: rangeQuery,
  ...objectQueries,
  routines: routineQuery,
  aggregates: aggregateQuery,
  triggers: triggerQuery,
  rules: ruleQuery,
  unmanaged: unmanagedQuery,
};

const ownerQueries: { readonly [Name in OfOwners]: string } = { owners: ownerQuery, ownPrivileges: ownPrivilegeQuery };

/** What one look at a database tells. */
export interface Inspection {
  /** As the server spells it; `postgresqlDialect.normalize` brings it to the comparable form. */
  readonly schema: Schema;
  /** Objects that stand in the database and are not modelled, such as `function public.touch`. */
  readonly unmanaged: readonly string[];
}

const opening = [
  'BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY',
  `SET LOCAL search_path = ''`,
  `SET LOCAL lock_timeout = '10s'`,
  `SET LOCAL statement_timeout = '60s'`,
  'SET LOCAL jit = off',
];

/** The whole transaction in one message, so that a far server costs one round trip. */
const read = async ({ queryAll }: Link, withOwners: boolean): Promise<Catalogue> => {
  const asked = withOwners ? { ...queries, ...ownerQueries } : queries;
  const answers = (await queryAll([...opening, ...Object.values(asked), 'ROLLBACK'])).slice(opening.length);
  const rows = Object.fromEntries(Object.keys(asked).map((name, at) => [name, answers[at] ?? []]));
  return { owners: [], ownPrivileges: [], ...rows } as unknown as Catalogue;
};

const types = (catalogue: Catalogue): Schema['types'] => [
  ...enums(catalogue.enums),
  ...domains(catalogue.domains),
  ...structs(catalogue.structs),
  ...ranges(catalogue.ranges),
];

const assemble = (catalogue: Catalogue): Inspection => {
  const names = namesOf(catalogue);
  const place = (relation: number, position: number): ColumnPlace | undefined => {
    const table = names.relation(relation);
    return table === undefined
      ? undefined
      : { namespace: table.namespace ?? 'public', name: table.name, column: names.column(relation, position) };
  };
  return {
    schema: {
      ...emptySchema('postgresql'),
      namespaces: namespaces(catalogue.namespaces),
      extensions: extensions(catalogue.extensions),
      types: types(catalogue),
      sequences: sequences(catalogue.sequences, place),
      tables: tables(catalogue, names),
      views: views(catalogue, names),
      policies: policies(catalogue.policies, names),
      grants: [...grants(catalogue.grants), ...owners(catalogue.owners, catalogue.ownPrivileges)],
      others: engineObjects(catalogue),
      routines: [...routines(catalogue.routines), ...aggregates(catalogue.aggregates)],
      triggers: [...triggers(catalogue.triggers), ...rules(catalogue.rules)],
    },
    unmanaged: unmanaged(catalogue.unmanaged),
  };
};

/** Reads all user objects in one repeatable-read, read-only transaction and one round trip; who owns them where asked. */
export const inspectCatalogue = async (link: Link, withOwners = false): Promise<Inspection> => {
  await loadGrammar();
  try {
    return assemble(await read(link, withOwners));
  } catch (error) {
    await link.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
};
