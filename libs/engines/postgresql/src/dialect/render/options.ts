import type { Statement } from '@dsem/engine';
import { identifier, literal } from '../identifiers.js';
import { locks, statement } from './statement.js';

type Options = { readonly [name: string]: unknown };

const parameter = (name: string): string => name.split('.').map(identifier).join('.');

/** Storage parameters as SQL; undefined where there are none. */
export const optionsText = (options: unknown): string | undefined => {
  const pairs = Object.entries((options ?? {}) as Options);
  const plain = /^[a-z0-9_.-]+$/i;
  const value = (text: string): string => (plain.test(text) ? text : literal(text));
  return pairs.length === 0
    ? undefined
    : pairs.map(([name, held]) => `${parameter(name)} = ${value(String(held))}`).join(', ');
};

/** `SET (...)` and `RESET (...)` that bring storage parameters from one set to another. */
export const optionChanges = (from: unknown, to: unknown): readonly string[] => {
  const [earlier, later] = [(from ?? {}) as Options, (to ?? {}) as Options];
  const gone = Object.keys(earlier).filter((name) => !(name in later));
  const set = optionsText(Object.fromEntries(Object.entries(later).filter(([name, value]) => earlier[name] !== value)));
  return [
    ...(set === undefined ? [] : [`SET (${set})`]),
    ...(gone.length === 0 ? [] : [`RESET (${gone.map(parameter).join(', ')})`]),
  ];
};

type Stored = { readonly attributes?: { readonly [name: string]: unknown } };

/** The storage parameters of an index, which may be that of a key, from one set to another. */
export const storageChanges = (index: string, from: Stored, to: Stored): readonly Statement[] =>
  optionChanges(from.attributes?.['options'], to.attributes?.['options']).map((words) =>
    statement(`ALTER INDEX ${index} ${words}`, { lock: locks.updateExclusive }),
  );
