import { ApiProblem } from '@dsem/api';
import {
  executePlan as executePlanEvent,
  executionAccepted,
  executionFailed,
  executionRefused,
  type Envelope,
  type ExecutePlan,
  type ExecutionEvent,
} from '@dsem/events';
import { hashOf, type Plan } from '@dsem/plan';
import { digest, emptySchema } from '@dsem/schema';
import type { Agent } from '../agent.context.js';
import type { ServedEnvironment } from '../config.js';
import type { TakenCommand } from '../spool.js';
import { refusalOf } from './approval.js';
import { executePlan } from './execute.js';
import { eventOf, tell } from './tell.js';

type Command = ExecutePlan['data'];

interface Work {
  readonly agent: Agent;
  readonly environment: ServedEnvironment;
  readonly envelope: Envelope;
  readonly command: Command;
}

const about = ({ execution, rollout, migration, environment, attempt, direction }: Command) => ({
  execution,
  rollout,
  migration,
  environment,
  attempt,
  direction,
});

const say = ({ agent, envelope, command }: Work, event: ExecutionEvent): void =>
  tell(agent, envelope, command.execution, event);

/** The plan, exactly as it was approved: what does not hash to the approved value is not run. */
const planOf = async (agent: Agent, hash: string): Promise<Plan | undefined> => {
  const plan = (await agent.controlPlane.get(`/api/v1/plans/${hash}`)) as Plan;
  return hashOf(plan) === hash ? plan : undefined;
};

const versionOf = (command: Command, plan: Plan): string => {
  const untouched = command.to === digest(emptySchema(plan.engine));
  return command.toVersion ?? (untouched ? 'none' : command.to);
};

const execute = async (work: Work, plan: Plan, signal: AbortSignal): Promise<boolean> => {
  const { agent, environment, command } = work;
  const driver = await agent.driverFor(environment.engine);
  const earlier = Array.from({ length: command.attempt - 1 }, (_, i) =>
    command.execution.replace(/-\d+$/, `-${i + 1}`),
  );
  const result = await executePlan({
    plan,
    direction: command.direction,
    execution: command.execution,
    supersedes: earlier,
    subject: command.subject,
    version: versionOf(command, plan),
    holder: agent.config.agent,
    limits: agent.limits,
    connect: (applicationName) => driver.connect(environment.url, { applicationName }),
    failpoint: agent.failpoint,
    signal,
    onEvent: (progress) => {
      agent.logger.info({ execution: command.execution, progress }, progress.type);
      const event = eventOf(command, progress);
      if (event !== undefined) say(work, event);
    },
  });
  return result.status !== 'aborted';
};

const accepted = async (work: Work, signal: AbortSignal): Promise<boolean> => {
  // Again after every restart: another key may be configured by now.
  const refusal = await refusalOf(work.command, work.agent.approvalKey);
  if (refusal !== undefined) {
    say(work, executionRefused.of({ ...about(work.command), ...refusal }));
    return true;
  }
  const plan = await planOf(work.agent, work.command.plan);
  if (plan === undefined) {
    const why = 'The plan that was delivered does not have the approved hash.';
    say(work, executionRefused.of({ ...about(work.command), code: 'PLAN_MISMATCH', why }));
    return true;
  }
  say(work, executionAccepted.of({ ...about(work.command), plan: plan.hash }));
  return execute(work, plan, signal);
};

const fault = (work: Work, error: unknown): void => {
  const cause = error instanceof Error ? error.message : String(error);
  work.agent.logger.error({ err: error, execution: work.command.execution }, 'an execution ended by a fault');
  const code = error instanceof ApiProblem ? error.code : 'AGENT_FAULT';
  const outcome = error instanceof ApiProblem ? 'NOT_APPLIED' : 'UNKNOWN';
  say(work, executionFailed.of({ ...about(work.command), code, cause, outcome, applied: 0 }));
};

/**
 * Runs one taken command to its end and tells how it went; true when it ended (well or not), false when it was
 * interrupted and has to be gone on with after the next start.
 */
export const runTaken = async (
  agent: Agent,
  environment: ServedEnvironment,
  taken: TakenCommand,
  signal: AbortSignal,
): Promise<boolean> => {
  const command = executePlanEvent.shape.parse(taken.command.data);
  const work: Work = { agent, environment, envelope: taken.command, command };
  try {
    return await accepted(work, signal);
  } catch (error) {
    if (signal.aborted) return false;
    fault(work, error);
    return true;
  }
};
