import type { Target } from '@dsem/events';
import { Refusal } from '@dsem/schema';
import type { EnvironmentState, Revision } from '../environment/environment.js';
import { currentDigest, occupiedBy } from '../environment/holding.js';
import { wentForward, type RolloutState } from './rollout-state.js';

/** Thrown when a rollout is to be taken back in an environment whose database a newer migration has changed since. */
export class RollbackUnderNewer extends Refusal {
  readonly code = 'DSEM-4018';
  readonly title = 'A newer migration stands above it';
  readonly fix =
    'Roll back what is named first, in that order, then this one; or name only `environments` where nothing stands above it.';
}

/** By environment: the revisions that stand above a rollout there, newest first; those with none are left out. */
export type Above = ReadonlyMap<string, readonly Revision[]>;

const aboveIn = (state: EnvironmentState, { rollout, subject }: RolloutState, target: Target): readonly Revision[] => {
  const { standing, engine } = state;
  const at = standing.findIndex((each) => each.rollout === rollout);
  if (at >= 0) return standing.slice(at + 1).toReversed();
  if (engine === undefined) return [];
  // It never came to its end there, so that the database is where it was when this one began, or was changed since.
  const isThere = currentDigest(state, subject, engine) === target.from && !occupiedBy(state, subject, engine);
  return isThere ? [] : standing.slice(-1);
};

/** What stands above a rollout, where it has changed a database that was not taken back. */
export const standingAbove = (rollout: RolloutState, environments: ReadonlyMap<string, EnvironmentState>): Above =>
  new Map(
    Object.values(rollout.targets).flatMap((target) => {
      const { environment } = target.target;
      const state = environments.get(environment);
      const above = state === undefined || !wentForward(target) ? [] : aboveIn(state, rollout, target.target);
      return above.length === 0 ? [] : [[environment, above] as const];
    }),
  );

/** What stands above as a sentence's part, for each environment in the order of taking it back. */
export const aboveTold = (above: Above): string =>
  [...above]
    .map(([environment, revisions]) => {
      const what = revisions.map(({ migration, subject, version }) =>
        [`migration ${migration}`, version === undefined ? undefined : `to ${subject} ${version}`]
          .filter((part) => part !== undefined)
          .join(' '),
      );
      return `${environment} was changed since by ${what.join(', and before that by ')}`;
    })
    .join('; ');
