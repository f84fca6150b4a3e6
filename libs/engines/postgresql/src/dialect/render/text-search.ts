import { type EngineObject, equal, type ObjectName } from '@dsem/schema';
import type { Statement } from '@dsem/engine';
import { finding } from '../hazards.js';
import { identifier, identifiers, literal, qualified } from '../identifiers.js';
import { definitionOf, objectKinds, type ObjectKind } from '../objects.js';
import { hazardRules } from '../rules.js';
import { type ConfigurationDefinition, type DictionaryDefinition, type Mappings, nameSpelled } from '../text-search.js';
import { commentOn } from './comments.js';
import type { ObjectRenderer } from './object.js';
import { isReplaced } from '../replaced.js';
import { locks, statement } from './statement.js';

const brief = { lock: locks.none };

const named = (text: string): string => qualified(nameSpelled(text));

const targetOf = ({ words }: ObjectKind, object: EngineObject): string => {
  const name: ObjectName = object.namespace === undefined ? object : { namespace: object.namespace, name: object.name };
  return `${words} ${qualified(name)}`;
};

const functionsText = (object: EngineObject): string =>
  Object.entries(definitionOf<{ readonly [word: string]: string }>(object))
    .map(([word, text]) => `${word.toUpperCase()} = ${named(text)}`)
    .join(', ');

const optionText = ([name, value]: readonly [string, string]): string => `${identifier(name)} = ${literal(value)}`;

const dictionaryText = (object: EngineObject): string => {
  const { template, options = {} } = definitionOf<DictionaryDefinition>(object);
  return [`TEMPLATE = ${named(template)}`, ...Object.entries(options).map(optionText)].join(', ');
};

const parserText = (object: EngineObject): string =>
  `PARSER = ${named(definitionOf<ConfigurationDefinition>(object).parser)}`;

/** Tokens that are mapped in the same way, so that one statement does for all of them. */
const grouped = (
  mappings: Mappings,
): readonly (readonly [tokens: readonly string[], dictionaries: readonly string[]])[] => {
  const groups = new Map<string, string[]>();
  for (const [token, dictionaries] of Object.entries(mappings)) {
    const key = dictionaries.map(named).join(', ');
    groups.set(key, [...(groups.get(key) ?? []), token]);
  }
  return [...groups].map(([key, said]) => [said, [key]]);
};

const mappingTexts = (target: string, verb: string, mappings: Mappings): readonly string[] =>
  grouped(mappings).map(
    ([said, dictionaries]) =>
      `ALTER ${target} ${verb} MAPPING FOR ${identifiers(said)} WITH ${dictionaries.join(', ')}`,
  );

const picked = (mappings: Mappings, isKept: (token: string) => boolean): Mappings =>
  Object.fromEntries(Object.entries(mappings).filter(([token]) => isKept(token)));

const configurationChange = (target: string, from: EngineObject, to: EngineObject): readonly string[] => {
  const before = definitionOf<ConfigurationDefinition>(from).mappings ?? {};
  const after = definitionOf<ConfigurationDefinition>(to).mappings ?? {};
  const gone = Object.keys(before).filter((token) => !(token in after));
  return [
    ...(gone.length === 0 ? [] : [`ALTER ${target} DROP MAPPING FOR ${identifiers(gone)}`]),
    ...mappingTexts(
      target,
      'ALTER',
      picked(after, (token) => token in before && !equal(before[token], after[token])),
    ),
    ...mappingTexts(
      target,
      'ADD',
      picked(after, (token) => !(token in before)),
    ),
  ];
};

const dictionaryChange = (target: string, from: EngineObject, to: EngineObject): readonly string[] => {
  const before = definitionOf<DictionaryDefinition>(from).options ?? {};
  const after = definitionOf<DictionaryDefinition>(to).options ?? {};
  const parts = [
    ...Object.keys(before)
      .filter((name) => !(name in after))
      .map(identifier),
    ...Object.entries(after)
      .filter(([name, value]) => before[name] !== value)
      .map(optionText),
  ];
  return parts.length === 0 ? [] : [`ALTER ${target} (${parts.join(', ')})`];
};

interface Way {
  readonly kind: ObjectKind;
  readonly properties: (object: EngineObject) => string;
  /** Statements behind CREATE. */
  readonly rest: (target: string, object: EngineObject) => readonly string[];
  readonly change: (target: string, from: EngineObject, to: EngineObject) => readonly string[];
}

const nothing = (): readonly string[] => [];

const made = (way: Way, object: EngineObject): readonly Statement[] => {
  const target = targetOf(way.kind, object);
  return [
    ...[`CREATE ${target} (${way.properties(object)})`, ...way.rest(target, object)].map((text) =>
      statement(text, brief),
    ),
    ...commentOn(target, object.comment),
  ];
};

const rendererOf = (way: Way): ObjectRenderer => ({
  create: ({ value }) => made(way, value),
  drop: ({ value, object }) => [
    statement(`DROP ${targetOf(way.kind, value)}`, {
      ...brief,
      hazards: [finding(hazardRules.dropTextSearch, object, `${object} is dropped.`)],
    }),
  ],
  alter: ({ from, to, object }) => {
    const target = targetOf(way.kind, to);
    const hazards = [finding(hazardRules.changeTextSearch, object, `${object} changes.`)];
    if (isReplaced(from, to)) return [statement(`DROP ${target}`, { ...brief, hazards }), ...made(way, to)];
    return [
      ...way
        .change(target, from, to)
        .map((text, at) => statement(text, { ...brief, ...(at === 0 ? { hazards } : {}) })),
      ...commentOn(target, to.comment, from.comment),
    ];
  },
});

const { parser, template, dictionary, configuration } = objectKinds;

/** Of parsers, templates, dictionaries and configurations for text search. */
export const textSearchRenderers: { readonly [kind: string]: ObjectRenderer } = {
  [parser.kind]: rendererOf({ kind: parser, properties: functionsText, rest: nothing, change: nothing }),
  [template.kind]: rendererOf({ kind: template, properties: functionsText, rest: nothing, change: nothing }),
  [dictionary.kind]: rendererOf({
    kind: dictionary,
    properties: dictionaryText,
    rest: nothing,
    change: dictionaryChange,
  }),
  [configuration.kind]: rendererOf({
    kind: configuration,
    properties: parserText,
    rest: (target, object) => mappingTexts(target, 'ADD', definitionOf<ConfigurationDefinition>(object).mappings ?? {}),
    change: configurationChange,
  }),
};
