import { definition, definitionOf, objectKinds } from '../objects.js';
import { type ConfigurationDefinition, type DictionaryDefinition } from '../text-search.js';
import { placed } from '../types.js';
import type { Normalizer } from './object.js';

const sorted = <Value>(
  held: { readonly [name: string]: Value } | undefined,
): { readonly [name: string]: Value } | undefined => {
  const entries = Object.entries(held ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
};

const plain: Normalizer = (object) => ({ ...object, ...placed(object) });

const dictionary: Normalizer = (object) => {
  const { template, options } = definitionOf<DictionaryDefinition>(object);
  return { ...plain(object, () => undefined), definition: definition({ template, options: sorted(options) }) };
};

const configuration: Normalizer = (object) => {
  const { parser, mappings } = definitionOf<ConfigurationDefinition>(object);
  return { ...plain(object, () => undefined), definition: definition({ parser, mappings: sorted(mappings) }) };
};

/** Of parsers, templates, dictionaries and configurations for text search. */
export const textSearchNormalizers: { readonly [kind: string]: Normalizer } = {
  [objectKinds.parser.kind]: plain,
  [objectKinds.template.kind]: plain,
  [objectKinds.dictionary.kind]: dictionary,
  [objectKinds.configuration.kind]: configuration,
};
