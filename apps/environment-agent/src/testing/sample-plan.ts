import type { Session } from '@dsem/engine';
import type { Plan, Step } from '@dsem/plan';
import { digest, footprintDelta, type Schema, sha256 } from '@dsem/schema';

/** What a spec says about a step; the rest is measured on a real server. */
export interface SampleStep {
  readonly object: string;
  readonly statements: readonly string[];
  readonly reverse: readonly string[] | null;
  readonly transactional?: boolean;
  readonly reverseTransactional?: boolean;
}

const stepOf = (sample: SampleStep, index: number, before: Schema, after: Schema): Step => {
  const delta = footprintDelta(before, after);
  return {
    id: `step-${index + 1}`,
    kind: 'sample',
    object: sample.object,
    phase: 'single',
    transactional: sample.transactional ?? true,
    statements: sample.statements,
    reverse: sample.reverse,
    reverseTransactional: sample.reverseTransactional ?? sample.transactional ?? true,
    ...(sample.reverse === null ? { irreversibleBecause: 'rows are gone' } : {}),
    lock: { level: 'AccessExclusive', blocks: 'brief' },
    cost: 'meta',
    timeouts: { lockMs: 150, statementMs: 20_000 },
    hazards: [],
    precondition: { objects: delta.before },
    postcondition: { objects: delta.after },
    changes: [],
  };
};

/** Runs one statement for itself, as a person at a prompt would. */
export const runPlainly = (session: Session, statement: string): Promise<void> => {
  const entry = { execution: 'by hand', step: 'by hand', direction: 'forward', planHash: '', epoch: 0 } as const;
  return session.apply({
    tag: 'by hand',
    transactional: !/concurrently/i.test(statement),
    statements: [statement],
    timeouts: { lockMs: 5000, statementMs: 20_000 },
    intent: { ...entry, state: 'intent' },
    record: { ...entry, state: 'applied' },
  });
};

/**
 * The plan that these steps are, with probes taken from a scratch database on which they are run once.
 * An independent stand-in for the planner, so that the protocol is tested without it.
 */
export const samplePlan = async (scratch: Session, samples: readonly SampleStep[]): Promise<Plan> => {
  await scratch.prepareControl();
  const start = await scratch.inspect();
  let before = start;
  const steps: Step[] = [];
  for (const [index, sample] of samples.entries()) {
    for (const statement of sample.statements) await runPlainly(scratch, statement);
    const after = await scratch.inspect();
    steps.push(stepOf(sample, index, before, after));
    before = after;
  }
  return {
    schemaVersion: 1,
    engine: 'postgresql',
    engineVersion: '13',
    from: { digest: digest(start) },
    to: { digest: digest(before) },
    hash: sha256(JSON.stringify(steps)),
    destructive: false,
    changes: [],
    steps,
    findings: [],
  };
};
