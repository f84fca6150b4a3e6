import { type ListedError, placeText, type Problem } from '../problem.js';
import type { Paint } from './paint.js';
import { printable } from './printable.js';

/** Whether the list below says all that `detail` says: an API's detail repeats the first of its errors in one line. */
const repeats = (detail: string | undefined, errors: readonly ListedError[]): boolean => {
  const told = errors.map(({ path, message }) => `${path}: ${message}`);
  return (
    errors.some(({ message }) => message === detail) || (detail !== undefined && told.join('; ').startsWith(detail))
  );
};

/** A problem as a person reads it on standard error. */
export const problemText = (problem: Problem, paint: Paint): string => {
  const { code, title, detail, fix, errors = [] } = problem;
  const at = problem.location && placeText(problem.location);
  const isListed = repeats(detail, errors);
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
