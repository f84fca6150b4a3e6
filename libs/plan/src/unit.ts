import { type Change, isOwnership, type Schema } from '@dsem/schema';
import type { Operation } from './operation.js';
import type { Step } from './plan.js';
import type { Settings } from './settings.js';
import { stepOf } from './step.js';

/** Operations that follow each other and are to become one step; most stand alone. */
export type Unit = readonly Operation[];

/** Neighbours of one group belong together; a group with strangers in between falls apart into single operations. */
export const unitsOf = (operations: readonly Operation[]): readonly Unit[] => {
  const size = new Map<number, number>();
  for (const { group } of operations) if (group !== undefined) size.set(group, (size.get(group) ?? 0) + 1);
  const units: Operation[][] = [];
  for (const one of operations) {
    const last = units.at(-1);
    if (one.group !== undefined && last?.[0]?.group === one.group) last.push(one);
    else units.push([one]);
  }
  return units.flatMap((unit) => {
    const group = unit[0]?.group;
    return group === undefined || size.get(group) === unit.length ? [unit] : unit.map((one) => [one]);
  });
};

interface Made {
  readonly steps: readonly Step[];
  readonly after: Schema;
}

/** Who owns something may be said on the way back alone: a state that names nobody asks for nothing. */
const isOfOwner = (change: Change): boolean =>
  ('grant' in change && isOwnership(change.grant)) || (change.kind === 'alter-grant' && isOwnership(change.from));

const single = (unit: Unit, index: number, state: Schema, settings: (one: Operation) => Settings): Made => {
  const steps: Step[] = [];
  let after = state;
  for (const one of unit) {
    const made = stepOf([one], index + steps.length, after, settings);
    after = made.after;
    if (made.step.statements.length > 0 || (isOfOwner(one.rendered) && made.step.reverse?.length))
      steps.push(made.step);
  }
  return { steps, after };
};

/** The steps of a unit: one where the engine can carry all of it out in one transaction, else one per operation. */
export const stepsOfUnit = (unit: Unit, index: number, state: Schema, settings: (one: Operation) => Settings): Made => {
  if (unit.length === 1) return single(unit, index, state, settings);
  const { step, after, isWhole } = stepOf(unit, index, state, settings);
  return isWhole ? { steps: [step], after } : single(unit, index, state, settings);
};
