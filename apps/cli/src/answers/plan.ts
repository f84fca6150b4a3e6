import { dialectFor } from '@dsem/catalogue';
import type { Dialect } from '@dsem/engine';
import { type Plan, plan } from '@dsem/plan';
import { declaredRenames, type Schema } from '@dsem/schema';
import { CliProblem } from '../problem.js';
import type { State } from '../state/read-state.js';

export type Style = 'online' | 'offline';

const number = (version: string): number => Number.parseFloat(version);

/** The version that is meant. @throws CliProblem when the engine is not covered in that version */
export const coveredVersion = ({ engine, capabilities }: Dialect, asked: string | undefined): string => {
  const { from, to, default: newest } = capabilities.versions;
  if (asked === undefined) return newest;
  if (/^\d+(\.\d+)*$/u.test(asked) && number(asked) >= number(from) && Math.floor(number(asked)) <= number(to))
    return asked;
  const detail = `${engine} ${asked.slice(0, 50)} is not covered.`;
  throw new CliProblem('DSEM-2104', 'The version is not covered', detail, `Use a version from ${from} to ${to}.`);
};

/** The way from one state to another. @throws UnsupportedChange naming the object */
export const planAnswer = (
  from: Schema,
  { schema: to, renamedFrom = [] }: Pick<State, 'schema' | 'renamedFrom'>,
  version: string | undefined,
  style: Style,
): Plan => {
  const dialect = dialectFor(to.engine);
  const renames = declaredRenames(from, to, renamedFrom);
  return plan({ dialect, from, to, version: coveredVersion(dialect, version), style, renames });
};
