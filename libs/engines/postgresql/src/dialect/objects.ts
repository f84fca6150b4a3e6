import type { Attributes, EngineObject, Json } from '@dsem/schema';

/** What is the same for every object of a kind that only PostgreSQL has. */
export interface ObjectKind {
  /** As `EngineObject.kind` calls it. */
  readonly kind: string;
  /** As SQL calls it after CREATE, ALTER, DROP and COMMENT ON. */
  readonly words: string;
  /** As the grammar calls it in DROP, COMMENT, RENAME and SET SCHEMA. */
  readonly node: string;
  /** Whether it stands in a schema. */
  readonly placed: boolean;
}

const kindOf = (kind: string, node: string, placed: boolean, words = kind.replaceAll('-', ' ')): ObjectKind => ({
  kind,
  words: words.toUpperCase(),
  node: `OBJECT_${node}`,
  placed,
});

/** The kinds whose objects are dropped, renamed, moved and commented by their names alone. */
export const objectKinds = {
  wrapper: kindOf('foreign-data-wrapper', 'FDW', false),
  server: kindOf('server', 'FOREIGN_SERVER', false),
  publication: kindOf('publication', 'PUBLICATION', false),
  collation: kindOf('collation', 'COLLATION', true),
  statistics: kindOf('statistics', 'STATISTIC_EXT', true),
  eventTrigger: kindOf('event-trigger', 'EVENT_TRIGGER', false),
  operator: kindOf('operator', 'OPERATOR', true),
  operatorClass: kindOf('operator-class', 'OPCLASS', true),
  operatorFamily: kindOf('operator-family', 'OPFAMILY', true),
  cast: kindOf('cast', 'CAST', false),
  conversion: kindOf('conversion', 'CONVERSION', true),
  transform: kindOf('transform', 'TRANSFORM', false),
  parser: kindOf('text-search-parser', 'TSPARSER', true),
  template: kindOf('text-search-template', 'TSTEMPLATE', true),
  dictionary: kindOf('text-search-dictionary', 'TSDICTIONARY', true),
  configuration: kindOf('text-search-configuration', 'TSCONFIGURATION', true),
} as const satisfies { readonly [name: string]: ObjectKind };

/** The kind of a node of the grammar such as `OBJECT_FDW`. */
export const kindOfNode = (node: string | undefined): ObjectKind | undefined =>
  Object.values<ObjectKind>(objectKinds).find((one) => one.node === node);

/** The definition of an object as its kind has it. */
export const definitionOf = <Definition>(object: EngineObject): Definition => object.definition as Definition;

/** A definition without the parts that say nothing. */
export const definition = (parts: { readonly [name: string]: Json | undefined }): Attributes =>
  Object.fromEntries(Object.entries(parts).filter((entry): entry is [string, Json] => entry[1] !== undefined));
