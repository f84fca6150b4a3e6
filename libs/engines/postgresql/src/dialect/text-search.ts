import type { ObjectName } from '@dsem/schema';
import { shortest, shortestName, splitName } from './identifiers.js';
import { nameOf } from './parse/names.js';

/** `definition` of a parser: its functions, as `spelledName` spells them. */
export interface ParserDefinition {
  readonly start: string;
  readonly gettoken: string;
  readonly end: string;
  readonly lextypes: string;
  readonly headline?: string;
}

/** `definition` of a template. */
export interface TemplateDefinition {
  readonly lexize: string;
  readonly init?: string;
}

/** `definition` of a dictionary. */
export interface DictionaryDefinition {
  readonly template: string;
  readonly options?: { readonly [name: string]: string };
}

/** Dictionaries by kind of token, in the order in which they are asked. */
export type Mappings = { readonly [token: string]: readonly string[] };

/** `definition` of a configuration. */
export interface ConfigurationDefinition {
  readonly parser: string;
  readonly mappings?: Mappings;
}

const catalogue = 'pg_catalog';

/** A name inside a definition: that of an object of the server stands alone. */
export const spelledName = ({ namespace, name }: ObjectName): string =>
  namespace === undefined || namespace === catalogue ? shortest(name) : shortestName(namespace, name);

/** The same the other way round. */
export const nameSpelled = (text: string): ObjectName & { readonly namespace: string } => {
  const parts = splitName(text);
  return parts.length > 1 ? nameOf(parts) : { namespace: catalogue, name: parts[0] ?? '' };
};

/** Whether a name inside a definition is that of an object of the server. */
export const isServers = (text: string): boolean => nameSpelled(text).namespace === catalogue;

/** The kinds of tokens of the server's parser for which its configurations ask dictionaries. */
const plain = 'numword email url host sfloat version hword_numpart numhword url_path file float int uint'.split(' ');
const ascii = ['asciiword', 'hword_asciipart', 'asciihword'];
const words = ['word', 'hword_part', 'hword'];

/** Every kind of token of the server's parser. */
export const tokens: ReadonlySet<string> = new Set([
  ...plain,
  ...ascii,
  ...words,
  'blank',
  'tag',
  'protocol',
  'entity',
]);

const languages = new Set(
  (
    'arabic armenian basque catalan danish dutch english estonian finnish french german greek hindi hungarian ' +
    'indonesian irish italian lithuanian nepali norwegian portuguese romanian russian serbian spanish swedish tamil ' +
    'turkish yiddish'
  ).split(' '),
);

/** Languages written in another script: words of ASCII letters are taken for English. */
const otherScript = new Set(['hindi', 'russian']);

/** What a configuration of the server says; undefined where it has none of that name. */
export const serverConfiguration = (name: string): ConfigurationDefinition | undefined => {
  if (name !== 'simple' && !languages.has(name)) return undefined;
  const stem = name === 'simple' ? name : `${name}_stem`;
  const each = (kinds: readonly string[], dictionary: string): Mappings =>
    Object.fromEntries(kinds.map((token) => [token, [dictionary]]));
  return {
    parser: shortest('default'),
    mappings: {
      ...each(plain, 'simple'),
      ...each(ascii, otherScript.has(name) ? 'english_stem' : stem),
      ...each(words, stem),
    },
  };
};

const templates = new Set(['simple', 'synonym', 'ispell', 'thesaurus', 'snowball']);

/** Whether the server has an object of that kind and name itself. */
export const serverHas = (kind: string, name: string): boolean => {
  switch (kind) {
    case 'text-search-parser':
      return name === 'default';
    case 'text-search-template':
      return templates.has(name);
    case 'text-search-dictionary':
      return name === 'simple' || languages.has(name.replace(/_stem$/, ''));
    default:
      return serverConfiguration(name) !== undefined;
  }
};

/** The extensions that bring objects for text search, by kind and name. */
export const extensionOf: { readonly [object: string]: string | undefined } = {
  'text-search-template unaccent': 'unaccent',
  'text-search-dictionary unaccent': 'unaccent',
  'text-search-template intdict_template': 'dict_int',
  'text-search-dictionary intdict': 'dict_int',
  'text-search-template xsyn_template': 'dict_xsyn',
  'text-search-dictionary xsyn': 'dict_xsyn',
};

/** Functions whose first argument, where they have several, names a configuration. */
export const searchFunctions: ReadonlySet<string> = new Set([
  'to_tsvector',
  'to_tsquery',
  'plainto_tsquery',
  'phraseto_tsquery',
  'websearch_to_tsquery',
  'ts_headline',
  'json_to_tsvector',
  'jsonb_to_tsvector',
]);
