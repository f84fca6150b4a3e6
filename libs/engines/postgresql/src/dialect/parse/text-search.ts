import type { AlterTSConfigurationStmt, AlterTSDictionaryStmt, DefElem, DefineStmt, Node } from '@pgsql/types';
import { engineObjectPath, pathOf } from '@dsem/schema';
import { definition, definitionOf, objectKinds } from '../objects.js';
import {
  type ConfigurationDefinition,
  type DictionaryDefinition,
  extensionOf,
  type Mappings,
  serverConfiguration,
  serverHas,
  spelledName,
  tokens,
} from '../text-search.js';
import { nameParts } from '../type-names.js';
import { already, contradict, type Draft, missing, type Site } from './draft.js';
import { type Full, nameOf, partsOfNode } from './names.js';
import { addObject, findObject, kindWord, putObject } from './objects.js';
import { elementsOf, optionText } from './options.js';

/** How a definition spells the object a statement names: of the definition, of an extension or of the server. */
const named = (draft: Draft, kind: string, parts: readonly string[], site: Site): string => {
  const name = parts.at(-1) ?? '';
  const own = nameOf(parts);
  if (draft.others.has(engineObjectPath({ kind, ...own }))) return spelledName(own);
  const extension = draft.extensions.get(extensionOf[`${kind} ${name}`] ?? '');
  if (extension && (parts.length === 1 || extension.namespace === own.namespace))
    return spelledName({ namespace: extension.namespace ?? 'public', name });
  const isServers = (parts.length === 1 || own.namespace === 'pg_catalog') && serverHas(kind, name);
  return isServers ? spelledName({ name }) : missing(kindWord(kind), own, site);
};

const elementOf = (statement: DefineStmt, word: string): DefElem | undefined =>
  elementsOf(statement.definition).find(({ defname }) => defname?.toLowerCase() === word);

const nameOfStatement = (statement: DefineStmt): Full => nameOf(nameParts(statement.defnames));

const lacks = (kind: string, name: Full, word: string, site: Site): never =>
  contradict(`The ${kindWord(kind)} ${pathOf(name)} has no ${word}.`, pathOf(name), site);

/** A function of the definition, or else of the server. */
const functionNamed = (draft: Draft, parts: readonly string[]): string => {
  const own = nameOf(parts);
  const known = [...draft.routines.values()].some((one) => pathOf(one) === pathOf(own));
  return parts.length > 1 || known ? spelledName(own) : spelledName({ name: own.name });
};

const fromFunctions =
  (kind: string, required: readonly string[], optional: readonly string[]) =>
  (draft: Draft, statement: DefineStmt, site: Site): void => {
    const name = nameOfStatement(statement);
    const elements = elementsOf(statement.definition);
    const other = elements.find(({ defname = '' }) => ![...required, ...optional].includes(defname.toLowerCase()));
    if (other)
      contradict(`The ${kindWord(kind)} ${pathOf(name)} has no property ${other.defname}.`, pathOf(name), site);
    const lacking = required.find((word) => elementOf(statement, word) === undefined);
    if (lacking !== undefined) lacks(kind, name, lacking, site);
    const held = elements.map(({ defname = '', arg }) => [
      defname.toLowerCase(),
      functionNamed(draft, partsOfNode(arg)),
    ]);
    addObject(draft, { kind, ...name, definition: Object.fromEntries(held) as Mappings }, false, site);
  };

/** CREATE TEXT SEARCH PARSER. */
export const createParser = fromFunctions(
  objectKinds.parser.kind,
  ['start', 'gettoken', 'end', 'lextypes'],
  ['headline'],
);

/** CREATE TEXT SEARCH TEMPLATE. */
export const createTemplate = fromFunctions(objectKinds.template.kind, ['lexize'], ['init']);

const dictionaryKind = objectKinds.dictionary.kind;

/** CREATE TEXT SEARCH DICTIONARY. */
export const createDictionary = (draft: Draft, statement: DefineStmt, site: Site): void => {
  const name = nameOfStatement(statement);
  const template = elementOf(statement, 'template') ?? lacks(dictionaryKind, name, 'template', site);
  const options = elementsOf(statement.definition)
    .filter((one) => one !== template)
    .map(({ defname = '', arg }) => [defname, optionText(arg)]);
  const held = {
    template: named(draft, objectKinds.template.kind, partsOfNode(template.arg), site),
    options: Object.fromEntries(options) as { readonly [name: string]: string },
  };
  addObject(draft, { kind: dictionaryKind, ...name, definition: definition(held) }, false, site);
};

/** ALTER TEXT SEARCH DICTIONARY; an option without a value is taken away. */
export const alterDictionary = (draft: Draft, statement: AlterTSDictionaryStmt, site: Site): void => {
  const object = findObject(draft, dictionaryKind, nameOf(nameParts(statement.dictname)), site);
  const { template, options = {} } = definitionOf<DictionaryDefinition>(object);
  const held = new Map(Object.entries(options));
  for (const { defname = '', arg } of elementsOf(statement.options)) {
    if (arg) held.set(defname, optionText(arg));
    else held.delete(defname);
  }
  putObject(draft, { ...object, definition: definition({ template, options: Object.fromEntries(held) }) });
};

const configurationKind = objectKinds.configuration.kind;

const copied = (draft: Draft, parts: readonly string[], site: Site): ConfigurationDefinition => {
  const own = draft.others.get(engineObjectPath({ kind: configurationKind, ...nameOf(parts) }));
  const servers = parts.length === 1 || parts[0] === 'pg_catalog' ? serverConfiguration(parts.at(-1) ?? '') : undefined;
  if (own) return definitionOf<ConfigurationDefinition>(own);
  return servers ?? missing(kindWord(configurationKind), nameOf(parts), site);
};

const configured = ({ parser, mappings }: ConfigurationDefinition) =>
  definition({
    parser,
    mappings: mappings && Object.fromEntries(Object.entries(mappings).map(([token, held]) => [token, [...held]])),
  });

/** CREATE TEXT SEARCH CONFIGURATION, from a parser or as a copy. */
export const createConfiguration = (draft: Draft, statement: DefineStmt, site: Site): void => {
  const name = nameOfStatement(statement);
  const [parser, copy] = [elementOf(statement, 'parser'), elementOf(statement, 'copy')];
  const held = copy
    ? copied(draft, partsOfNode(copy.arg), site)
    : {
        parser: named(
          draft,
          objectKinds.parser.kind,
          partsOfNode((parser ?? lacks(configurationKind, name, 'parser', site)).arg),
          site,
        ),
      };
  addObject(draft, { kind: configurationKind, ...name, definition: configured(held) }, false, site);
};

interface Mapping {
  readonly statement: AlterTSConfigurationStmt;
  readonly held: Map<string, readonly string[]>;
  readonly tokens: readonly string[];
  readonly dictionaries: readonly string[];
  readonly name: Full;
  readonly site: Site;
}

const change = ({ statement, held, tokens: said, dictionaries, name, site }: Mapping): void => {
  const lacking = said.find((token) => !held.has(token));
  const unmapped = (): void => {
    if (lacking !== undefined) contradict(`${pathOf(name)} maps no ${lacking}.`, pathOf(name), site);
  };
  switch (statement.kind) {
    case 'ALTER_TSCONFIG_ADD_MAPPING': {
      const twice = said.find((token) => held.has(token));
      if (twice !== undefined) already(`${pathOf(name)} maps ${twice} already.`, pathOf(name), site);
      for (const token of said) held.set(token, dictionaries);
      return;
    }
    case 'ALTER_TSCONFIG_ALTER_MAPPING_FOR_TOKEN':
      for (const token of said) held.set(token, dictionaries);
      return;
    case 'ALTER_TSCONFIG_DROP_MAPPING':
      if (!statement.missing_ok) unmapped();
      for (const token of said) held.delete(token);
      return;
    default: {
      const [from, to = ''] = dictionaries;
      for (const [token, asked] of held)
        if (said.length === 0 || said.includes(token))
          held.set(
            token,
            asked.map((one) => (one === from ? to : one)),
          );
    }
  }
};

/** ALTER TEXT SEARCH CONFIGURATION ... MAPPING. */
export const alterConfiguration = (draft: Draft, statement: AlterTSConfigurationStmt, site: Site): void => {
  const name = nameOf(nameParts(statement.cfgname));
  const object = findObject(draft, configurationKind, name, site);
  const { parser, mappings = {} } = definitionOf<ConfigurationDefinition>(object);
  const said = nameParts(statement.tokentype);
  const unknown = said.find((token) => parser === spelledName({ name: 'default' }) && !tokens.has(token));
  if (unknown !== undefined) contradict(`The parser of ${pathOf(name)} knows no ${unknown}.`, pathOf(name), site);
  const held = new Map(Object.entries(mappings));
  const dictionaries = (statement.dicts ?? []).map((node: Node) =>
    named(draft, dictionaryKind, partsOfNode(node), site),
  );
  change({ statement, held, tokens: said, dictionaries, name, site });
  putObject(draft, { ...object, definition: configured({ parser, mappings: Object.fromEntries(held) }) });
};
