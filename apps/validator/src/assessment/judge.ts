import { dialectFor } from '@dsem/catalogue';
import { assess, type CompatibilityReport, type ConsumerContract } from '@dsem/compat';
import { declaredRenames, parseDefinition, type RenameHint, type Schema } from '@dsem/schema';
import type { Validator } from '../validator.context.js';
import type { Mode } from './modes.js';

/** A definition by digest, from the registry. */
export const definitionOf = async (validator: Validator, digest: string): Promise<Schema> =>
  parseDefinition(await validator.registry.get(`/api/v1/definitions/${digest}`));

/** Judges a state against baselines; `hints` are what it says of names in the newest one. Without any baseline everything is compatible. O(baselines x changed). */
export const judge = (
  from: readonly Schema[],
  to: Schema,
  mode: Mode,
  consumers: readonly ConsumerContract[],
  hints: readonly RenameHint[] = [],
): CompatibilityReport => {
  const newest = from.at(-1);
  const renames = newest === undefined ? [] : declaredRenames(newest, to, hints);
  return assess({ dialect: dialectFor(to.engine), from: [...from], to, mode, consumers: [...consumers], renames });
};

/** The same by digests. */
export const judgeDigests = async (
  validator: Validator,
  from: readonly string[],
  to: string,
  mode: Mode,
  consumers: readonly ConsumerContract[],
  hints: readonly RenameHint[],
): Promise<CompatibilityReport> => {
  const [target, ...baselines] = await Promise.all([to, ...from].map((digest) => definitionOf(validator, digest)));
  if (target === undefined) throw new Error('no target');
  return judge(baselines, target, mode, consumers, hints);
};
