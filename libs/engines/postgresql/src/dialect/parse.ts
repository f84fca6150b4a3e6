import type { Node } from '@pgsql/types';
import type { ParsedState, SourceText } from '@dsem/engine';
import { loadGrammar } from './grammar.js';
import { normalize } from './normalize.js';
import { alterTable } from './parse/alter-table.js';
import { countedNotes } from './parse/counted-notes.js';
import { refuseDdlCalls } from './parse/calls.js';
import { alterOperator, createCast, createConversion, createTransform } from './parse/code-objects.js';
import { alterCollation } from './parse/collations.js';
import { commentOn } from './parse/comments.js';
import { closeReferences } from './parse/constraints.js';
import { define } from './parse/definitions.js';
import { alterDefaultPrivileges, withDefaults } from './parse/default-privileges.js';
import { type Draft, newDraft, refuse, schemaOf, type Site } from './parse/draft.js';
import { dropObjects } from './parse/drops.js';
import { alterEventTrigger, createEventTrigger } from './parse/event-triggers.js';
import { Faults } from './parse/faults.js';
import {
  alterMapping,
  alterServer,
  alterWrapper,
  createForeignTable,
  createMapping,
  createServer,
  createWrapper,
  dropMapping,
  importSchema,
} from './parse/foreign.js';
import { grantOrRevoke } from './parse/grants.js';
import { clusterTable, settleMarks } from './parse/index-marks.js';
import { createIndex } from './parse/indexes.js';
import { alterOperatorFamily, createOperatorClass, createOperatorFamily } from './parse/operator-classes.js';
import { alterOwner, reassignOwned } from './parse/owners.js';
import { refuseWaiting } from './parse/partitions.js';
import { alterPolicy, createPolicy } from './parse/policies.js';
import { alterPublication, createPublication } from './parse/publications.js';
import { readAll } from './parse/read-all.js';
import type { NodeKind, NodeOf, Reader, Readers } from './parse/readers.js';
import { objectOf, refusalOf, skippedWord } from './parse/statement-kinds.js';
import { moveObject, renameObject } from './parse/renames.js';
import { alterRoutine, createRoutine } from './parse/routines.js';
import { createRule } from './parse/rules.js';
import { createExtension, createSchema } from './parse/schemas.js';
import { type Placed, readScript } from './parse/script.js';
import { alterSequence, createSequence } from './parse/sequences.js';
import { alterStatistics, createStatistics } from './parse/statistics.js';
import { createTable } from './parse/tables.js';
import { alterConfiguration, alterDictionary } from './parse/text-search.js';
import { createTrigger } from './parse/triggers.js';
import { alterDomain, closeDomains, createDomain } from './parse/domains.js';
import { createRange } from './parse/ranges.js';
import { createStruct } from './parse/structs.js';
import { alterEnum, createEnum } from './parse/types.js';
import { createTableAs, createView } from './parse/views.js';

const other = (draft: Draft, node: Node, site: Site): void => {
  const [kind = '', statement] = Object.entries(node)[0] ?? [];
  if ('SelectStmt' in node) refuseDdlCalls(draft, node, site);
  const word = skippedWord(node);
  if (word !== undefined) draft.notes.push({ message: `skipped ${word}`, location: site.location });
  else refuse(refusalOf(kind), objectOf(statement as { readonly [field: string]: unknown }), site);
};

const readers: Readers = {
  CreateStmt: createTable,
  AlterTableStmt: alterTable,
  IndexStmt: createIndex,
  CreateSeqStmt: createSequence,
  AlterSeqStmt: alterSequence,
  CreateEnumStmt: createEnum,
  AlterEnumStmt: alterEnum,
  CreateDomainStmt: createDomain,
  AlterDomainStmt: alterDomain,
  CompositeTypeStmt: createStruct,
  CreateRangeStmt: createRange,
  ViewStmt: createView,
  CreateTableAsStmt: createTableAs,
  CreateFunctionStmt: createRoutine,
  AlterFunctionStmt: alterRoutine,
  CreateTrigStmt: createTrigger,
  RuleStmt: createRule,
  CreateEventTrigStmt: createEventTrigger,
  AlterEventTrigStmt: alterEventTrigger,
  CreateSchemaStmt: createSchema,
  CreateExtensionStmt: createExtension,
  DropStmt: dropObjects,
  RenameStmt: renameObject,
  AlterObjectSchemaStmt: moveObject,
  CommentStmt: commentOn,
  CreateFdwStmt: createWrapper,
  AlterFdwStmt: alterWrapper,
  CreateForeignServerStmt: createServer,
  AlterForeignServerStmt: alterServer,
  CreateUserMappingStmt: createMapping,
  AlterUserMappingStmt: alterMapping,
  DropUserMappingStmt: dropMapping,
  CreateForeignTableStmt: createForeignTable,
  ImportForeignSchemaStmt: importSchema,
  CreatePolicyStmt: createPolicy,
  AlterPolicyStmt: alterPolicy,
  CreatePublicationStmt: createPublication,
  AlterPublicationStmt: alterPublication,
  CreateStatsStmt: createStatistics,
  AlterStatsStmt: alterStatistics,
  GrantStmt: grantOrRevoke,
  AlterOwnerStmt: alterOwner,
  ReassignOwnedStmt: reassignOwned,
  AlterDefaultPrivilegesStmt: alterDefaultPrivileges,
  DefineStmt: define,
  AlterOperatorStmt: alterOperator,
  CreateOpClassStmt: createOperatorClass,
  CreateOpFamilyStmt: createOperatorFamily,
  AlterOpFamilyStmt: alterOperatorFamily,
  CreateCastStmt: createCast,
  CreateConversionStmt: createConversion,
  CreateTransformStmt: createTransform,
  AlterCollationStmt: alterCollation,
  AlterTSDictionaryStmt: alterDictionary,
  AlterTSConfigurationStmt: alterConfiguration,
  ClusterStmt: clusterTable,
};

/** Adds one statement to the draft. */
const read = (draft: Draft, { node, site }: Placed): void => {
  const [kind, statement] = (Object.entries(node)[0] ?? []) as [NodeKind, NodeOf<NodeKind>];
  const reader = readers[kind] as Reader<NodeKind> | undefined;
  if (reader) withDefaults(draft, kind, () => reader(draft, statement, site));
  else other(draft, node, site);
};

/** Adds up the statements of all sources to one normalized state. O(text). */
export const parse = async (sources: readonly SourceText[]): Promise<ParsedState> => {
  await loadGrammar();
  const draft = newDraft();
  const faults = new Faults();
  const texts = sources.map((source) => readScript(source, faults));
  readAll(
    draft,
    texts.flatMap(({ placed }) => placed),
    read,
    faults,
  );
  closeReferences(draft, faults);
  closeDomains(draft);
  settleMarks(draft);
  faults.collect(() => refuseWaiting(draft));
  faults.raise();
  const schema = await normalize(schemaOf(draft));
  const notes = countedNotes([...texts.flatMap((one) => one.notes), ...draft.notes]);
  const { renamedFrom } = draft;
  return { schema, notes, ...(renamedFrom.length > 0 && { renamedFrom }) };
};
