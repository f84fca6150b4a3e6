import type { EnvironmentType, Target, Wave } from '@dsem/events';
import { Refusal } from '@dsem/schema';

/** Thrown when a wave plan leaves an environment out, names one twice, or names a stranger. */
export class WavesInvalid extends Refusal {
  readonly code = 'DSEM-2009';
  readonly title = 'The waves do not cover the environments of the migration';
  readonly fix = 'Name each environment of the migration exactly once over all waves, or leave the waves out.';
}

/** What a caller may say about one wave. */
export interface WaveRequest {
  readonly environments: readonly string[];
  readonly parallel?: number | undefined;
  readonly bakeSeconds?: number | undefined;
}

export interface Candidate {
  readonly type: EnvironmentType;
  readonly target: Target;
}

const order: readonly EnvironmentType[] = ['development', 'staging', 'production', 'disaster-recovery'];

/** One wave per environment type, farthest from users first. */
export const inWaves = <Item extends Pick<Candidate, 'type'>>(items: readonly Item[]): readonly (readonly Item[])[] =>
  order.map((type) => items.filter((item) => item.type === type)).filter((wave) => wave.length > 0);

/** The waves in which a migration goes out when nobody asks for others, up to ten environments at a time. */
export const defaultWaves = (candidates: readonly Candidate[]): readonly Wave[] =>
  inWaves(candidates).map((wave) => ({ targets: wave.map(({ target }) => target), parallel: 10, bakeSeconds: 0 }));

/**
 * The waves as asked for, each environment once.
 * @throws WavesInvalid
 */
export const requestedWaves = (requests: readonly WaveRequest[], candidates: readonly Candidate[]): readonly Wave[] => {
  const byName = new Map(candidates.map((candidate) => [candidate.target.environment, candidate.target]));
  if (requests.some((request) => request.environments.length === 0)) throw new WavesInvalid('a wave names nobody');
  const named = requests.flatMap((request) => request.environments);
  const stranger = named.find((name) => !byName.has(name));
  if (stranger !== undefined) throw new WavesInvalid(`${stranger} is not an environment of this migration`);
  const twice = named.find((name, index) => named.indexOf(name) !== index);
  if (twice !== undefined) throw new WavesInvalid(`${twice} stands in more than one wave`);
  const missing = [...byName.keys()].filter((name) => !named.includes(name));
  if (missing.length > 0) throw new WavesInvalid(`no wave holds ${missing.join(', ')}`);
  return requests.map((request) => ({
    targets: request.environments.flatMap((name) => byName.get(name) ?? []),
    parallel: request.parallel ?? 10,
    bakeSeconds: request.bakeSeconds ?? 0,
  }));
};
