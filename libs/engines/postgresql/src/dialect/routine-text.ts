import type { Routine } from '@dsem/schema';
import { identifier, literal, qualified } from './identifiers.js';
import { attributesAs, type RoutineArgument, type RoutineAttributes } from './types/code.js';

const modeWords: { readonly [Mode in NonNullable<RoutineArgument['mode']>]: string } = {
  out: 'OUT ',
  inout: 'INOUT ',
  variadic: 'VARIADIC ',
  table: '',
};

const argument = ({ mode, name, type, default: value }: RoutineArgument): string =>
  `${mode === undefined ? '' : modeWords[mode]}${name === undefined ? '' : `${identifier(name)} `}${type}${value === undefined ? '' : ` DEFAULT ${value}`}`;

/** The arguments of a routine, without the columns of `RETURNS TABLE`. */
export const argumentsText = (args: readonly RoutineArgument[]): string =>
  args
    .filter(({ mode }) => mode !== 'table')
    .map(argument)
    .join(', ');

/** The result of a function, or nothing for a procedure. */
export const returnsText = (routine: Routine): string => {
  const columns = (attributesAs<RoutineAttributes>(routine).arguments ?? []).filter(({ mode }) => mode === 'table');
  if (columns.length > 0) return ` RETURNS TABLE(${columns.map(argument).join(', ')})`;
  return routine.returns === undefined ? '' : ` RETURNS ${routine.returns}`;
};

/** How SQL calls the kind of routine. */
export const routineWord = (routine: Routine): 'FUNCTION' | 'PROCEDURE' | 'AGGREGATE' => {
  if (routine.kind === 'aggregate') return 'AGGREGATE';
  return routine.kind === 'procedure' ? 'PROCEDURE' : 'FUNCTION';
};

/** The statement's head: name, arguments and result. */
export const routineHead = (routine: Routine): string =>
  `${routineWord(routine)} ${qualified(routine)}(${argumentsText(attributesAs<RoutineAttributes>(routine).arguments ?? [])})${returnsText(routine)}`;

const holds = (text: string, delimiter: string): boolean => `${text}${delimiter}`.indexOf(delimiter) < text.length;

/** A text between dollar signs, with a tag that does not stand in it. @throws UnsupportedChange for NUL */
export const dollarQuoted = (text: string): string => {
  if (text.includes('\0')) return literal(text);
  for (let count = 0; ; count += 1) {
    const delimiter = count === 0 ? '$$' : `$code${count === 1 ? '' : String(count)}$`;
    if (!holds(text, delimiter)) return `${delimiter}${text}${delimiter}`;
  }
};
