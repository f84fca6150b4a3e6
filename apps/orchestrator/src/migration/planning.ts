import type { Code } from '@dsem/api';
import { dialectFor } from '@dsem/catalogue';
import { handleCommand, loadState, type CommandMetadata, type Handled } from '@dsem/event-store';
import { streams, type Loss, type PlannedFrom } from '@dsem/events';
import { plan, type Plan } from '@dsem/plan';
import {
  declaredRenames,
  digest,
  emptySchema,
  parseDefinition,
  Refusal,
  type EngineName,
  type Schema,
} from '@dsem/schema';
import { environment, EnvironmentNotFound, type EnvironmentState } from '../environment/environment.js';
import { groupByDigest, occupiedBy } from '../environment/holding.js';
import type { Orchestrator } from '../orchestrator.context.js';
import { signApproval } from './approval.js';
import { incompatible } from './incompatible.js';
import { knownAssessment, renamesBetween, type Assessed } from './known.js';
import {
  migration,
  MigrationStateConflict,
  type ApprovalRule,
  type MigrationCommand,
  type MigrationState,
} from './migration.js';
import { putPlan } from './plan.store.js';

type Draft = NonNullable<MigrationState['draft']>;

/** An environment as its own stream tells it. @throws EnvironmentNotFound */
export const environmentState = async (orchestrator: Orchestrator, name: string): Promise<EnvironmentState> => {
  const { state } = await loadState(orchestrator.service.store, environment, streams.environment(name));
  if (!state.exists || state.retired) throw new EnvironmentNotFound(`environment ${name} does not exist`);
  return state;
};

const definitionOf = async (orchestrator: Orchestrator, engine: EngineName, key: string): Promise<Schema> =>
  key === digest(emptySchema(engine))
    ? emptySchema(engine)
    : parseDefinition(await orchestrator.registry.get(`/api/v1/definitions/${key}`));

/** The oldest server decides which forms are safe for all that share a plan; one that is not known yet may be the oldest. */
const oldestVersion = (states: readonly EnvironmentState[], oldestCovered: string): string =>
  states
    .map((state) => state.serverVersion?.split('.')[0] ?? oldestCovered)
    .reduce((oldest, version) => (Number(version) < Number(oldest) ? version : oldest));

/** Losses that an event names one by one; the rest is told as a number, so that a message stays small. */
const namedLosses = 200;

/** What going back destroys, in the order of the steps; what is not named counts from the first step it stands for. */
const lossesBack = ({ steps }: Plan): Loss[] => {
  const all = steps.flatMap(({ reverseLosses = [] }, step) =>
    reverseLosses.map(({ object, rule }) => ({ step, object, rule })),
  );
  const rest = all[namedLosses];
  const more = rest === undefined ? [] : [{ ...rest, object: `${all.length - namedLosses} more objects` }];
  return [...all.slice(0, namedLosses), ...more];
};

const planFrom = async (
  orchestrator: Orchestrator,
  draft: Draft,
  from: string,
  states: readonly EnvironmentState[],
): Promise<PlannedFrom> => {
  const fromVersion = states[0]?.revisions[draft.subject]?.version;
  const { pool } = orchestrator.service;
  const [before, after, hints] = await Promise.all([
    definitionOf(orchestrator, draft.engine, from),
    definitionOf(orchestrator, draft.engine, draft.digest),
    renamesBetween(pool, draft.subject, fromVersion, draft.version),
  ]);
  const dialect = dialectFor(draft.engine);
  const version = oldestVersion(states, dialect.capabilities.versions.from);
  const made = plan({
    dialect,
    from: before,
    to: after,
    style: draft.style,
    version,
    renames: declaredRenames(before, after, hints),
  });
  await putPlan(pool, made);
  return {
    hash: made.hash,
    from,
    to: draft.digest,
    ...(fromVersion === undefined ? {} : { fromVersion }),
    environments: states.map((state) => state.name),
    steps: made.steps.length,
    destructive: made.destructive,
    findings: JSON.parse(JSON.stringify(made.findings)) as PlannedFrom['findings'],
    losses: lossesBack(made),
  };
};

/** The strictest rule of all environments: the most approvals, only roles that all of them accept. */
export const approvalRule = (states: readonly EnvironmentState[]): ApprovalRule => ({
  needed: Math.max(0, ...states.map((state) => state.policy.approvals)),
  authorMayApprove: states.every((state) => state.policy.authorMayApprove),
  roles: (states[0]?.policy.approverRoles ?? []).filter((role) =>
    states.every((state) => state.policy.approverRoles.includes(role)),
  ),
});

type RefusedPlan = Extract<MigrationCommand, { kind: 'refuse-plan' }>;

const destructive = (plans: readonly PlannedFrom[], states: readonly EnvironmentState[]): RefusedPlan | undefined => {
  const keeps = new Set(states.filter((state) => !state.policy.allowDestructive).map((state) => state.name));
  const hit = plans.find((each) => each.destructive && each.environments.some((name) => keeps.has(name)));
  if (hit === undefined) return undefined;
  const findings = hit.findings.filter((finding) => finding.hazard === 'data-loss');
  const objects = findings.map((finding) => finding.object).join(', ');
  const where = hit.environments.filter((name) => keeps.has(name)).join(', ');
  return { kind: 'refuse-plan', code: 'DSEM-4012', why: `data would be lost in ${where}: ${objects}`, findings };
};

const occupied = (draft: Draft, states: readonly EnvironmentState[]): RefusedPlan | undefined => {
  const held = states.flatMap((state) => occupiedBy(state, draft.subject, draft.engine) ?? []);
  if (held.length === 0) return undefined;
  const why = `${draft.subject} has no place there: ${held.join(', ')}`;
  return { kind: 'refuse-plan', code: 'DSEM-4017', why, findings: [] };
};

const planCommand = async (orchestrator: Orchestrator, draft: Draft, assessed: Assessed): Promise<MigrationCommand> => {
  const states = await Promise.all(draft.environments.map((name) => environmentState(orchestrator, name)));
  const refusal = occupied(draft, states) ?? (await incompatible(orchestrator, assessed, draft, states));
  if (refusal !== undefined) return refusal;
  try {
    const groups = [...groupByDigest(states, draft.subject, draft.engine)];
    const plans = await Promise.all(groups.map(([from, members]) => planFrom(orchestrator, draft, from, members)));
    return (
      destructive(plans, states) ?? {
        kind: 'plan',
        plans,
        rule: approvalRule(states),
        sign: signerOf(orchestrator, draft),
      }
    );
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { kind: 'refuse-plan', code: error.code, why: error.message, findings: [] };
  }
};

/** The codes with which a plan is refused; any other reason is that no plan leads there. */
const refusals = ['DSEM-4006', 'DSEM-4012', 'DSEM-4017'] as const;

/** A refused plan as it is answered. */
export const refusalCode = (code: string): Code => refusals.find((each) => each === code) ?? 'DSEM-2104';

/** Whether a version that was compatible when it was planned is not any more: a consumer or a stricter policy came since. */
export const becameIncompatible = async (orchestrator: Orchestrator, draft: Draft): Promise<boolean> => {
  const assessed = await knownAssessment(orchestrator.service.pool, draft.subject, draft.version);
  if (assessed === undefined) return false;
  const states = await Promise.all(draft.environments.map((name) => environmentState(orchestrator, name)));
  return (await incompatible(orchestrator, assessed, draft, states)) !== undefined;
};

/** Signs for one migration: the statement names its plans, its environments and the approvers. */
export const signerOf =
  (orchestrator: Orchestrator, draft: Draft) =>
  (plans: readonly string[], approvers: readonly string[]): string => {
    const iat = Math.floor(orchestrator.service.clock().getTime() / 1000);
    const statement = { migration: draft.migration, plans, environments: draft.environments, approvers, iat };
    return signApproval(statement, orchestrator.approvalKey);
  };

/**
 * Plans a migration from where its environments are now; approves it when no approval is asked for.
 * Does nothing while its version has not been assessed. Who drafts and who waits for the assessment may both come to
 * plan the same draft: the second finds it planned or refused, and lets that stand.
 */
export const planMigration = async (
  orchestrator: Orchestrator,
  id: string,
  metadata: CommandMetadata,
): Promise<Handled<MigrationState> | undefined> => {
  const { store, pool } = orchestrator.service;
  const stream = streams.migration(id);
  const { state } = await loadState(store, migration, stream);
  if (state.draft === undefined) return undefined;
  const assessed = await knownAssessment(pool, state.draft.subject, state.draft.version);
  if (assessed === undefined) return undefined;
  try {
    const command = await planCommand(orchestrator, state.draft, assessed);
    return await handleCommand(store, migration, stream, command, { metadata, step: 'plan' });
  } catch (error) {
    if (!(error instanceof MigrationStateConflict) || state.status !== 'draft') throw error;
    return { ...(await loadState(store, migration, stream)), events: [] };
  }
};
