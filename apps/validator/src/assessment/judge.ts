import { dialectFor } from '@dsem/catalogue';
import { assess, type CompatibilityReport, type ConsumerContract } from '@dsem/compat';
import { parseDefinition, type Schema } from '@dsem/schema';
import type { Validator } from '../validator.context.js';
import type { Mode } from './modes.js';

/** A definition by digest, from the registry. */
export const definitionOf = async (validator: Validator, digest: string): Promise<Schema> =>
  parseDefinition(await validator.registry.get(`/api/v1/definitions/${digest}`));

/** Judges a state against baselines; without any baseline everything is compatible. O(baselines x changed). */
export const judge = (
  from: readonly Schema[],
  to: Schema,
  mode: Mode,
  consumers: readonly ConsumerContract[],
): CompatibilityReport =>
  assess({ dialect: dialectFor(to.engine), from: [...from], to, mode, consumers: [...consumers] });

/** The same by digests. */
export const judgeDigests = async (
  validator: Validator,
  from: readonly string[],
  to: string,
  mode: Mode,
  consumers: readonly ConsumerContract[],
): Promise<CompatibilityReport> => {
  const [target, ...baselines] = await Promise.all([to, ...from].map((digest) => definitionOf(validator, digest)));
  if (target === undefined) throw new Error('no target');
  return judge(baselines, target, mode, consumers);
};
