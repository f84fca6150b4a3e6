import type { Problem } from '../problem.js';
import type { Paint } from './paint.js';
import { printable } from './printable.js';

const place = ({ location }: Problem): string | undefined =>
  location === undefined
    ? undefined
    : [location.file, location.line, location.column].filter((x) => x !== undefined).join(':');

/** A problem as a person reads it on standard error. */
export const problemText = (problem: Problem, paint: Paint): string => {
  const { code, title, detail, fix, errors = [] } = problem;
  const at = place(problem);
  return [
    `${paint.red(paint.bold(`${code} ${printable(title)}`))}\n`,
    at === undefined ? '' : `  at   ${printable(at)}\n`,
    detail === undefined ? '' : `  ${printable(detail)}\n`,
    ...errors.map(({ path, message }) => `  - ${printable(path)}: ${printable(message)}\n`),
    fix === undefined ? '' : `  Fix: ${printable(fix)}\n`,
  ].join('');
};

/** The members that -o json promises (docs/cli.md), in their order. */
export const problemJson = ({ code, title, detail, location, object, fix, errors, findings }: Problem): object => ({
  error: { code, title, detail, location, object, fix, errors, findings },
});
