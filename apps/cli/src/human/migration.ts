import type { MigrationProgress, MigrationResource } from '@dsem/api';
import type { Paint } from '../output/paint.js';
import { printable } from '../output/printable.js';
import { fields, listing } from './resource.js';

const good = new Set<string>(['completed', 'succeeded', 'approved']);
const bad = new Set<string>(['refused', 'rejected', 'halted', 'needs-decision', 'failed', 'unknown']);

/** A state in its colour; the word says the same. */
export const statusText = (status: string, paint: Paint): string => {
  if (good.has(status)) return paint.green(status);
  return bad.has(status) ? paint.red(status) : paint.yellow(status);
};

type Target = MigrationProgress['targets'][number];

const stepText = ({ step }: Target): string =>
  step === undefined ? '' : `step ${step.index} of ${step.of}, ${step.state}: ${step.object}`;

/** One environment in one line. */
export const targetLine = (target: Target, paint: Paint): string => {
  const back = target.direction === 'reverse' ? ' (back)' : '';
  const again = target.attempt > 1 ? `, attempt ${target.attempt}` : '';
  const parts = [stepText(target), target.problem ?? ''].filter((part) => part !== '').map(printable);
  const head = `${printable(target.environment)}  wave ${target.wave + 1}  ${statusText(target.status, paint)}${back}${again}`;
  return [head, ...parts].join('  ');
};

/** What going back would destroy, and in which environments. */
const lossLines = ({ losses = [] }: MigrationProgress): readonly string[] =>
  losses.map(({ environments, objects }) => {
    const what = objects.map(({ object, rule }) => `${printable(object)} (${rule})`).join(', ');
    return `  rollback loses data in ${environments.map(printable).join(', ')}: ${what}\n`;
  });

/** What has to be taken back before it, where something newer has changed the same database. */
const aboveLines = ({ targets }: MigrationProgress): readonly string[] =>
  targets.flatMap(({ environment, above = [] }) => {
    const newer = above.map(({ migration, schema, version }) =>
      [migration, `(${[schema, version].filter((part) => part !== undefined).join(' ')})`].map(printable).join(' '),
    );
    return newer.length === 0 ? [] : [`  in ${printable(environment)} roll back first: ${newer.join(', ')}\n`];
  });

/** How far a migration is, and what may be asked next. */
export const progressText = (progress: MigrationProgress, paint: Paint): string => {
  const { id, schema, version, status, cause, allowed, targets } = progress;
  const head = `${paint.bold(`${schema} ${version}`)}  ${statusText(status, paint)}  ${paint.dim(id)}\n`;
  const lines = targets.map((target) => `  ${targetLine(target, paint)}\n`);
  const why = cause === undefined ? '' : `  because ${printable(cause)}\n`;
  const next = allowed.length === 0 ? '' : `  next: ${allowed.join(', ')}\n`;
  return [head, ...lines, why, ...aboveLines(progress), ...lossLines(progress), next].join('');
};

const planLines = ({ plans }: MigrationResource, paint: Paint): string => {
  const rows = plans.map((plan) => {
    const { environments, fromVersion, steps, destructive, findings, hash } = plan;
    return [environments, fromVersion ?? 'empty', steps, destructive, findings.length, hash];
  });
  return listing(['environments', 'from', 'steps', 'loses data', 'findings', 'plan'], rows, paint);
};

/** A migration with its plans and approvals. */
export const migrationText = (migration: MigrationResource, paint: Paint): string => {
  const { approvals, refusal } = migration;
  const about = fields(
    [
      ['migration', migration.id],
      ['schema', `${migration.schema} ${migration.version}`],
      ['environments', migration.environments],
      ['author', migration.author],
      ['reason', migration.reason],
      ['created', migration.created],
      [
        'approvals',
        `${approvals.given.length} of ${approvals.needed}${approvals.given.length === 0 ? '' : `: ${approvals.given.join(', ')}`}`,
      ],
      ['refused', refusal === undefined ? undefined : `${refusal.code}: ${refusal.why}`],
      ['rollout', migration.rollout],
    ],
    paint,
  );
  const head = `${statusText(migration.status, paint)}\n${about}`;
  return migration.plans.length === 0 ? head : `${head}\n${planLines(migration, paint)}`;
};
