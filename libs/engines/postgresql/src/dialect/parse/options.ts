import type { DefElem, Node } from '@pgsql/types';
import type { Attributes, ObjectName, SequenceOptions } from '@dsem/schema';
import { printTree } from '../grammar.js';
import { usualOptions } from '../sequence-limits.js';
import { nameParts, typeText } from '../type-names.js';
import { refuse, type Site } from './draft.js';

/** The `DefElem`s of a list. */
export const elementsOf = (nodes: readonly Node[] | undefined): readonly DefElem[] =>
  (nodes ?? []).flatMap((node) => ('DefElem' in node ? [node.DefElem] : []));

/** The value of an option as text: numbers, words and strings alike. */
export const optionText = (node: Node | undefined): string => {
  if (!node) return 'true';
  if ('String' in node) return node.String.sval ?? '';
  if ('Integer' in node) return String(node.Integer.ival ?? 0);
  if ('Float' in node) return node.Float.fval ?? '';
  if ('Boolean' in node) return String(node.Boolean.boolval ?? false);
  if ('TypeName' in node) return nameParts(node.TypeName.names).at(-1) ?? '';
  if ('List' in node) return nameParts(node.List.items).join('.');
  return printTree(node);
};

/** Whether an option that stands alone, or says `on`, `true`, `yes` or 1, is switched on. */
export const isOn = (node: Node | undefined): boolean =>
  ['true', 'on', '1', 'yes', 't'].includes(optionText(node).toLowerCase());

/** Storage parameters (`WITH (fillfactor = 70)`), or undefined where there are none. */
export const storageOptions = (nodes: readonly Node[] | undefined): { readonly [name: string]: string } | undefined => {
  const pairs = elementsOf(nodes).map((element) => {
    const name = `${element.defnamespace === undefined ? '' : `${element.defnamespace}.`}${element.defname ?? ''}`;
    return [name, optionText(element.arg)] as const;
  });
  return pairs.length === 0 ? undefined : Object.fromEntries(pairs);
};

/** The attributes of what has storage parameters, once some of these are set or reset. */
export const withOptions = (attributes: Attributes | undefined, def: Node | undefined, reset: boolean): Attributes => {
  const given = storageOptions(def && 'List' in def ? def.List.items : []) ?? {};
  const earlier = (attributes?.options ?? {}) as { readonly [name: string]: string };
  const kept = Object.entries(reset ? earlier : { ...earlier, ...given }).filter(([name]) => !(reset && name in given));
  const { options: _, ...rest } = attributes ?? {};
  return kept.length === 0 ? rest : { ...rest, options: Object.fromEntries(kept) };
};

/** What sequence options say; `undefined` inside `options` removes an earlier value (`NO MAXVALUE`). */
export interface SequenceWords {
  readonly type?: string;
  readonly name?: readonly string[];
  readonly ownedBy?: readonly string[];
  readonly restart?: true;
  readonly options: { readonly [Key in keyof SequenceOptions]: SequenceOptions[Key] | undefined };
}

const numeric: { readonly [word: string]: keyof SequenceOptions } = {
  start: 'start',
  increment: 'increment',
  minvalue: 'min',
  maxvalue: 'max',
  cache: 'cache',
};

const word = (element: DefElem, owner: ObjectName, site: Site): Partial<SequenceWords> => {
  const name = element.defname ?? '';
  const option = numeric[name];
  if (option) return { options: { [option]: element.arg === undefined ? undefined : optionText(element.arg) } };
  switch (name) {
    case 'cycle':
      return { options: { cycle: optionText(element.arg) === 'true' ? true : undefined } };
    case 'as':
      return element.arg && 'TypeName' in element.arg ? { type: typeText(element.arg.TypeName) } : {};
    case 'owned_by':
      return { ownedBy: element.arg && 'List' in element.arg ? nameParts(element.arg.List.items) : [] };
    case 'sequence_name':
      return { name: element.arg && 'List' in element.arg ? nameParts(element.arg.List.items) : [] };
    case 'restart':
      return { restart: true };
    default:
      return refuse(`The sequence option ${name} is not supported`, owner.name, site);
  }
};

/** Reads the options of CREATE SEQUENCE, ALTER SEQUENCE or an identity column. */
export const sequenceWords = (nodes: readonly Node[] | undefined, owner: ObjectName, site: Site): SequenceWords =>
  elementsOf(nodes)
    .map((element) => word(element, owner, site))
    .reduce<SequenceWords>((all, one) => ({ ...all, ...one, options: { ...all.options, ...one.options } }), {
      options: {},
    });

/** Options without the removed ones, or nothing where none is left. */
export const settled = (
  words: SequenceWords,
  earlier: SequenceOptions = {},
): { readonly options?: SequenceOptions } => {
  const kept = Object.entries({ ...earlier, ...words.options }).filter(([, value]) => value !== undefined);
  return kept.length === 0 ? {} : { options: Object.fromEntries(kept) as SequenceOptions };
};

const chosen = ['min', 'max', 'start'] as const;

/** The same for options that change later: what the server chose when the sequence was made stays as it was. */
export const resettled = (
  words: SequenceWords,
  type: string,
  earlier: SequenceOptions = {},
): { readonly options?: SequenceOptions } => {
  const { options = {} } = settled(words, earlier);
  const [was, is] = [usualOptions(type, earlier), usualOptions(words.type ?? type, options)];
  const own = words.type === undefined ? was : usualOptions(words.type, earlier);
  const kept = chosen.flatMap((name): readonly (readonly [string, string])[] =>
    name in earlier || name in words.options || own[name] === is[name] ? [] : [[name, own[name]]],
  );
  return settled({ options: { ...Object.fromEntries(kept), ...options } });
};
