import type { DefElem, Node } from '@pgsql/types';
import { nameParts } from '../type-names.js';
import type { RoutineAttributes } from '../types/code.js';
import { elementsOf, optionText } from './options.js';
import { routineTypeOf } from './routine-type.js';
import { settingOf } from './settings.js';

type Mutable<Value> = { -readonly [Key in keyof Value]: Value[Key] | undefined };

/** What the options of CREATE or ALTER FUNCTION say; `undefined` takes an earlier value away. */
export interface RoutineWords {
  language?: string;
  /** The strings behind AS. */
  as?: readonly string[];
  readonly attributes: Mutable<RoutineAttributes>;
  readonly settings: Map<string, string | undefined>;
  /** RESET ALL: earlier settings go. */
  resetAll: boolean;
  /** Settings taken from the session (`SET x FROM CURRENT`), which only a server knows. */
  readonly current: string[];
}

const flag = (element: DefElem): true | undefined => (optionText(element.arg) === 'true' ? true : undefined);

const setting = (words: RoutineWords, node: Node | undefined): void => {
  if (!node || !('VariableSetStmt' in node)) return;
  const statement = node.VariableSetStmt;
  const [name, value] = settingOf(statement);
  if (statement.kind === 'VAR_SET_CURRENT') words.current.push(name);
  else if (statement.kind === 'VAR_RESET_ALL') {
    words.resetAll = true;
    words.settings.clear();
  } else words.settings.set(name, value);
};

const plainNumber = (element: DefElem): string => String(Number(optionText(element.arg)));

const unless = <Value extends string>(text: string, usual: string): Value | undefined =>
  text === usual ? undefined : (text as Value);

const transforms = (node: Node | undefined): readonly string[] =>
  (node && 'List' in node ? (node.List.items ?? []) : []).flatMap((item) =>
    'TypeName' in item ? [routineTypeOf(item.TypeName)] : [],
  );

const option = (words: RoutineWords, element: DefElem): void => {
  const { attributes } = words;
  switch (element.defname) {
    case 'as':
      words.as = element.arg && 'List' in element.arg ? nameParts(element.arg.List.items) : [];
      return;
    case 'language':
      words.language = optionText(element.arg);
      return;
    case 'volatility':
      attributes.volatility = unless(optionText(element.arg), 'volatile');
      return;
    case 'strict':
    case 'leakproof':
    case 'window':
      attributes[element.defname] = flag(element);
      return;
    case 'security':
      attributes.securityDefiner = flag(element);
      return;
    case 'parallel':
      attributes.parallel = unless(optionText(element.arg).toLowerCase(), 'unsafe');
      return;
    case 'cost':
    case 'rows':
      attributes[element.defname] = plainNumber(element);
      return;
    case 'support':
      attributes.support = optionText(element.arg);
      return;
    case 'transform':
      attributes.transforms = transforms(element.arg);
      return;
    default:
      setting(words, element.arg);
  }
};

/** Reads the options of CREATE FUNCTION or the actions of ALTER FUNCTION. */
export const routineWords = (nodes: readonly Node[] | undefined): RoutineWords => {
  const words: RoutineWords = { attributes: {}, settings: new Map(), resetAll: false, current: [] };
  for (const element of elementsOf(nodes)) option(words, element);
  return words;
};

/** The attributes with what the words add or take away. */
export const withWords = (earlier: RoutineAttributes, words: RoutineWords): RoutineAttributes => {
  const settings = new Map<string, string | undefined>(words.resetAll ? [] : Object.entries(earlier.settings ?? {}));
  for (const [name, value] of words.settings) settings.set(name, value);
  const kept = [...settings].filter((entry): entry is [string, string] => entry[1] !== undefined);
  const { settings: _, ...rest } = { ...earlier, ...words.attributes };
  const all = { ...rest, ...(kept.length > 0 ? { settings: Object.fromEntries(kept) } : {}) };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as RoutineAttributes;
};
