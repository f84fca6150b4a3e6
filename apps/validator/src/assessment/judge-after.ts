import type { CompatibilityReport, ConsumerContract } from '@dsem/compat';
import { hintsBetween } from '@dsem/schema';
import type { Validator } from '../validator.context.js';
import { judgeDigests } from './judge.js';
import { renamingVersions, type KnownVersion } from './known.js';

/** What a database holds of a schema: a definition, and the version it is; null for nothing. */
export interface Held {
  readonly digest: string | null;
  readonly version: string | null;
}

/** Judges a version against what it would follow, whichever version was registered before it. */
export const judgeAfter = async (
  validator: Validator,
  target: KnownVersion,
  held: Held,
  contracts: readonly ConsumerContract[],
): Promise<CompatibilityReport> => {
  const from = held.digest === null ? [] : [held.digest];
  const named = held.version === null ? [] : [held.version];
  const versions = await renamingVersions(validator.service.pool, target.schema, [...named, target.version]);
  const number = versions.find((each) => each.version === held.version)?.number;
  const hints = hintsBetween(versions, number, target.number);
  return judgeDigests(validator, from, target.digest, target.mode, contracts, hints);
};
