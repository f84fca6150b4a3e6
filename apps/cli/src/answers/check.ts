import { dialectFor } from '@dsem/catalogue';
import {
  assess,
  type CompatibilityMode,
  compatibilityModes,
  type CompatibilityReport,
  type ConsumerContract,
} from '@dsem/compat';
import { declaredRenames, type Schema } from '@dsem/schema';
import { usage } from '../problem.js';
import type { State } from '../state/read-state.js';

/** A mode as typed. @throws CliProblem listing the modes */
export const modeNamed = (text: unknown): CompatibilityMode => {
  const found = compatibilityModes.find((mode) => mode === text);
  if (found === undefined)
    throw usage(`There is no mode ${String(text)}.`, `Use one of: ${compatibilityModes.join(', ')}.`);
  return found;
};

/** The verdict about `to` against its baselines, oldest first. */
export const checkAnswer = (
  from: readonly Schema[],
  { schema: to, renamedFrom = [] }: Pick<State, 'schema' | 'renamedFrom'>,
  mode: CompatibilityMode,
  consumers: readonly ConsumerContract[] = [],
): CompatibilityReport => {
  const newest = from.at(-1);
  const renames = newest === undefined ? [] : declaredRenames(newest, to, renamedFrom);
  return assess({ dialect: dialectFor(to.engine), from, to, mode, consumers, renames });
};
