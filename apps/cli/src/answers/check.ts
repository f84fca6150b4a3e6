import { dialectFor } from '@dsem/catalogue';
import {
  assess,
  type CompatibilityMode,
  compatibilityModes,
  type CompatibilityReport,
  type ConsumerContract,
} from '@dsem/compat';
import type { Schema } from '@dsem/schema';
import { usage } from '../problem.js';

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
  to: Schema,
  mode: CompatibilityMode,
  consumers: readonly ConsumerContract[] = [],
): CompatibilityReport => assess({ dialect: dialectFor(to.engine), from, to, mode, consumers });
