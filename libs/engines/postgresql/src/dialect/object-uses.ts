import {
  columnReference,
  type EngineObject,
  extensionReference,
  namespaceReference,
  objectReference,
  type Reference,
  relationReference,
  routineReference,
} from '@dsem/schema';
import { codeUses } from './code-uses.js';
import { defaultPrivilegesIn, defaultPrivilegesKind } from './default-privileges.js';
import type { EventTriggerDefinition } from './event-triggers.js';
import { foreignKinds, type MappingDefinition, type ServerDefinition, type WrapperDefinition } from './foreign.js';
import { splitName } from './identifiers.js';
import { definitionOf, objectKinds } from './objects.js';
import { nameOf } from './parse/names.js';
import type { PublicationDefinition, PublishedTable } from './publications.js';
import { expressionReferences } from './references.js';
import type { StatisticsDefinition } from './statistics.js';
import { type ConfigurationDefinition, type DictionaryDefinition, isServers, nameSpelled } from './text-search.js';

/** A server by its name, where one is named. */
export const serverReferences = (name: string | undefined): readonly Reference[] =>
  name === undefined ? [] : [objectReference(foreignKinds.server, { name })];

const routineNamed = (text: string | undefined): readonly Reference[] =>
  text === undefined ? [] : [routineReference(nameOf(splitName(text)))];

type ObjectUses = (object: EngineObject) => readonly Reference[];

const ofWrapper: ObjectUses = (object) => {
  const { handler, validator } = definitionOf<WrapperDefinition>(object);
  return [...routineNamed(handler), ...routineNamed(validator)];
};

/** A wrapper may come from an extension of its name, as those that PostgreSQL brings do. */
const ofServer: ObjectUses = (object) => {
  const { wrapper } = definitionOf<ServerDefinition>(object);
  return [objectReference(foreignKinds.wrapper, { name: wrapper }), extensionReference(wrapper)];
};

const ofMapping: ObjectUses = (object) => serverReferences(definitionOf<MappingDefinition>(object).server);

const ofPublished = ({ columns, where, ...table }: PublishedTable): readonly Reference[] => [
  relationReference(table),
  ...(columns ?? []).map((column) => columnReference(table, column)),
  ...expressionReferences(where, table),
];

const ofPublication: ObjectUses = (object) => {
  const { tables = [], schemas = [] } = definitionOf<PublicationDefinition>(object);
  return [...tables.flatMap(ofPublished), ...schemas.map(namespaceReference)];
};

const ofStatistics: ObjectUses = (object) => {
  const { table, columns = [], expressions = [] } = definitionOf<StatisticsDefinition>(object);
  return [
    relationReference(table),
    ...columns.map((column) => columnReference(table, column)),
    ...expressions.flatMap((text) => expressionReferences(text, table)),
  ];
};

const ofFunctions: ObjectUses = (object) =>
  Object.values(object.definition).flatMap((text) =>
    typeof text === 'string' && !isServers(text) ? [routineReference(nameSpelled(text))] : [],
  );

const ownNamed = (kind: string, text: string): readonly Reference[] =>
  isServers(text) ? [] : [objectReference(kind, nameSpelled(text))];

const ofDictionary: ObjectUses = (object) =>
  ownNamed(objectKinds.template.kind, definitionOf<DictionaryDefinition>(object).template);

const ofConfiguration: ObjectUses = (object) => {
  const { parser, mappings = {} } = definitionOf<ConfigurationDefinition>(object);
  const dictionaries = new Set(Object.values(mappings).flat());
  return [
    ...ownNamed(objectKinds.parser.kind, parser),
    ...[...dictionaries].flatMap((text) => ownNamed(objectKinds.dictionary.kind, text)),
  ];
};

const ofEventTrigger: ObjectUses = (object) => {
  const called = definitionOf<EventTriggerDefinition>(object).function;
  return isServers(called) ? [] : [routineReference(nameSpelled(called))];
};

const ofDefaultPrivileges: ObjectUses = (object) => {
  const { schema } = defaultPrivilegesIn(object);
  return schema === undefined ? [] : [namespaceReference(schema)];
};

/** What names each kind of object that only PostgreSQL has reads. */
const readers: { readonly [kind: string]: ObjectUses | undefined } = {
  [foreignKinds.wrapper]: ofWrapper,
  [foreignKinds.server]: ofServer,
  [foreignKinds.mapping]: ofMapping,
  [defaultPrivilegesKind]: ofDefaultPrivileges,
  [objectKinds.publication.kind]: ofPublication,
  [objectKinds.statistics.kind]: ofStatistics,
  [objectKinds.eventTrigger.kind]: ofEventTrigger,
  ...codeUses,
  [objectKinds.parser.kind]: ofFunctions,
  [objectKinds.template.kind]: ofFunctions,
  [objectKinds.dictionary.kind]: ofDictionary,
  [objectKinds.configuration.kind]: ofConfiguration,
};

/** What an object that only PostgreSQL has names, by its kind. O(its names). */
export const objectUses = (object: EngineObject): readonly Reference[] => readers[object.kind]?.(object) ?? [];
