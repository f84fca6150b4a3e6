import type { StepTimeouts } from '@dsem/engine';
import type { Plan, Probe, Step } from '@dsem/plan';
import type { Direction, StepPlace } from './outcome.js';

/** A step as it is run in one direction: what to do, what undoes it, what holds before and after. */
export interface DirectedStep {
  readonly place: StepPlace;
  readonly statements: readonly string[] | null;
  readonly undo: readonly string[] | null;
  readonly transactional: boolean;
  readonly undoTransactional: boolean;
  readonly irreversibleBecause: string;
  readonly timeouts: StepTimeouts;
  readonly before: Probe;
  readonly after: Probe;
}

/** A plan seen in one direction. */
export interface Route {
  readonly steps: readonly DirectedStep[];
  readonly from: string;
  readonly to: string;
  /** What each end names the owner of; absent where owners do not count. */
  readonly owners?: NonNullable<Plan['owners']>;
}

const directed = (step: Step, direction: Direction, index: number, of: number): DirectedStep => {
  const place = { step: step.id, index, of, object: step.object };
  const there = { statements: step.statements, transactional: step.transactional, probe: step.precondition };
  const back = { statements: step.reverse, transactional: step.reverseTransactional, probe: step.postcondition };
  const [go, undo] = direction === 'forward' ? [there, back] : [back, there];
  return {
    place,
    statements: go.statements,
    undo: undo.statements,
    transactional: go.transactional,
    undoTransactional: undo.transactional,
    irreversibleBecause: step.irreversibleBecause ?? 'the plan has no reverse for it',
    timeouts: step.timeouts,
    before: go.probe,
    after: undo.probe,
  };
};

/** The steps in running order: as planned, or from the last to the first with before and after swapped. */
export const routeOf = (plan: Plan, direction: Direction): Route => {
  const forward = direction === 'forward';
  const order = forward ? plan.steps : plan.steps.toReversed();
  return {
    steps: order.map((step, index) => directed(step, direction, index, order.length)),
    from: forward ? plan.from.digest : plan.to.digest,
    to: forward ? plan.to.digest : plan.from.digest,
    ...(plan.owners !== undefined && {
      owners: forward ? plan.owners : { from: plan.owners.to, to: plan.owners.from },
    }),
  };
};
