import type { Loss, Lost } from '@dsem/events';
import { Refusal } from '@dsem/schema';
import type { RolloutState, TargetState } from './rollout-state.js';

/** Thrown when taking a rollout back would destroy rows or values, and nobody has accepted that. */
export class RollbackLosesData extends Refusal {
  readonly code = 'DSEM-4016';
  readonly title = 'The rollback would lose data';
  readonly fix =
    'Save what is named, then roll back with `acceptDataLoss: true` (`dsem rollback --accept-data-loss`); or leave it as it is.';
}

/** Stands for all that a plan made, where what going back destroys was not worked out when the rollout began. */
const notWorkedOut: Loss = { step: 0, object: 'whatever the plan made', rule: 'not-worked-out' };

/** What going back destroys in one environment: that of the steps which may be in effect there. */
const lossesIn = ({ losses }: RolloutState, { target, begun }: TargetState): readonly Loss[] =>
  (losses?.[target.plan] ?? [notWorkedOut]).filter(({ step }) => begun === undefined || step < begun);

/** What going back destroys in these environments; those that lose the same stand together. */
export const lossesOf = (state: RolloutState, targets: readonly TargetState[]): readonly Lost[] => {
  const groups = new Map<string, Lost>();
  for (const target of targets) {
    const objects = lossesIn(state, target).map(({ object, rule }) => ({ object, rule }));
    if (objects.length === 0) continue;
    const key = JSON.stringify(objects);
    const environments = [...(groups.get(key)?.environments ?? []), target.target.environment];
    groups.set(key, { environments, objects });
  }
  return [...groups.values()];
};

/** The losses as a sentence's part: `public.orders.note (drop-column) in staging, production`. */
export const lossesTold = (losses: readonly Lost[]): string =>
  losses
    .map(({ objects, environments }) => {
      const what = objects.map(({ object, rule }) => `${object} (${rule})`).join(', ');
      return `${what} in ${environments.join(', ')}`;
    })
    .join('; ');
