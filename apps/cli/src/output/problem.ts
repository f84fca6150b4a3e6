import { placeText, type Problem } from '../problem.js';
import type { Paint } from './paint.js';
import { printable } from './printable.js';

/** A problem as a person reads it on standard error. */
export const problemText = (problem: Problem, paint: Paint): string => {
  const { code, title, detail, fix, errors = [] } = problem;
  const at = problem.location && placeText(problem.location);
  const isListed = errors.some(({ message }) => message === detail);
  return [
    `${paint.red(paint.bold(`${code} ${printable(title)}`))}\n`,
    at === undefined || isListed ? '' : `  at   ${printable(at)}\n`,
    detail === undefined || isListed ? '' : `  ${printable(detail)}\n`,
    ...errors.map(({ path, message }) => `  - ${printable(path)}: ${printable(message)}\n`),
    fix === undefined ? '' : `  Fix: ${printable(fix)}\n`,
  ].join('');
};

/** The members that -o json promises (docs/cli.md), in their order. */
export const problemJson = ({ code, title, detail, location, object, fix, errors, findings }: Problem): object => ({
  error: { code, title, detail, location, object, fix, errors, findings },
});
