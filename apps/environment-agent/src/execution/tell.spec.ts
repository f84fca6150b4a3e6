import {
  catalogue,
  envelopeSchema,
  executionAccepted,
  openEnvelope,
  type Envelope,
  type ExecutePlan,
} from '@dsem/events';
import type { Agent } from '../agent.context.js';
import { openSpool } from '../spool.js';
import type { ExecutionProgress } from './outcome.js';
import { eventOf, tell } from './tell.js';

const digestOf = (letter: string): string => `sha256:${letter.repeat(64)}`;
const command: ExecutePlan['data'] = {
  execution: 'execution-r1-eu-1',
  rollout: 'r1',
  migration: 'm1',
  environment: 'eu',
  attempt: 1,
  direction: 'forward',
  subject: 'shop',
  plan: digestOf('a'),
  from: digestOf('b'),
  to: digestOf('c'),
  approval: 'signed',
  expires: '2026-01-02T00:00:00.000Z',
};
const about = {
  execution: 'execution-r1-eu-1',
  rollout: 'r1',
  migration: 'm1',
  environment: 'eu',
  attempt: 1,
  direction: 'forward',
};
const place = { step: 's1', index: 0, of: 3, object: 'public.users' };
const told = { ...about, ...place, index: 1 };

const cases: readonly (readonly [ExecutionProgress, string, object])[] = [
  [
    { type: 'PreflightPassed', checks: ['pooler'], warnings: ['w'] },
    'PreflightPassed',
    { ...about, checks: ['pooler'] },
  ],
  [{ type: 'PreflightFailed', code: 'LOCKED', why: 'x' }, 'PreflightFailed', { ...about, code: 'LOCKED', why: 'x' }],
  [{ type: 'StepStarted', ...place }, 'StepStarted', told],
  [{ type: 'StepApplied', durationMs: 5, ...place }, 'StepApplied', { ...told, durationMs: 5 }],
  [{ type: 'StepAlreadyApplied', ...place }, 'StepAlreadyApplied', told],
  [
    { type: 'StepFailed', code: 'DATA', cause: 'a null', outcome: 'NOT_APPLIED', ...place },
    'StepFailed',
    { ...told, code: 'DATA', cause: 'a null', outcome: 'NOT_APPLIED' },
  ],
  [{ type: 'StepUnknown', cause: 'cut', ...place }, 'StepUnknown', { ...told, cause: 'cut' }],
  [
    { type: 'ExecutionCompleted', digest: digestOf('c'), durationMs: 9 },
    'ExecutionCompleted',
    { ...about, digest: digestOf('c'), durationMs: 9 },
  ],
  [
    { type: 'ExecutionFailed', code: 'DATA', cause: 'a null', outcome: 'NOT_APPLIED', applied: 1, step: 's2' },
    'ExecutionFailed',
    { ...about, code: 'DATA', cause: 'a null', outcome: 'NOT_APPLIED', applied: 1 },
  ],
];

describe('what the control plane hears of an execution', () => {
  it.each(cases)('%j is told as %s', (progress, type, data) => {
    const event = eventOf(command, progress);
    expect(event).toEqual({ type, version: 1, data });
    expect(catalogue.get(`${type}.v1`)?.shape.parse(event?.data)).toEqual(data);
  });

  it.each<ExecutionProgress>([
    { type: 'OrphanFound', session: '1', query: 'select', cancelled: true },
    { type: 'StepBlocked', retryInMs: 5, blockers: [], ...place },
    { type: 'DebrisRemoved', ...place },
    { type: 'ExecutionAborted', applied: 1 },
  ])('$type is for the log of the agent only', (progress) => {
    expect(eventOf(command, progress)).toBeUndefined();
  });
});

describe('an event on its way to the bus', () => {
  const spool = openSpool(':memory:');
  afterAll(() => spool.close());
  let next = 0;
  const agent = {
    spool,
    config: { agent: 'a1', environments: [] },
    clock: () => new Date('2026-01-01T00:00:00.000Z'),
    newId: () => `id-${(next += 1)}`,
  } as unknown as Agent;
  const cause: Envelope = {
    specversion: '1.0',
    id: 'command-1',
    source: 'dsem/orchestrator',
    type: 'dsem.ExecutePlan.v1',
    subject: 'environment-eu',
    time: '2026-01-01T00:00:00.000Z',
    datacontenttype: 'application/json',
    sequence: 7,
    tenant: 'acme',
    actor: 'service:orchestrator',
    onbehalfof: 'key:b',
    correlationid: 'r1',
    causationid: 'e0',
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    data: command,
  };
  const event = executionAccepted.of({ ...command, ...about, direction: 'forward', plan: digestOf('a') });

  it('carries who caused it and belongs to the same request', () => {
    tell(agent, cause, command.execution, event);
    const [spooled] = spool.pending(1);
    expect(spooled?.key).toBe(command.execution);
    expect(envelopeSchema.parse(spooled?.envelope)).toMatchObject({
      id: 'id-1',
      source: 'dsem/agent/a1',
      subject: command.execution,
      sequence: 1,
      tenant: 'acme',
      actor: 'agent:a1',
      onbehalfof: 'key:b',
      correlationid: 'r1',
      causationid: 'command-1',
      traceparent: cause.traceparent,
    });
    expect(spooled && openEnvelope(spooled.envelope)).toMatchObject({ type: 'ExecutionAccepted', version: 1 });
  });

  it('was done on behalf of the one who sent the command when nobody else is named', () => {
    const { onbehalfof: _, traceparent: __, ...plain } = cause;
    tell(agent, plain, command.execution, event);
    const last = spool.pending(10).at(-1)?.envelope;
    expect(last).toMatchObject({ onbehalfof: 'service:orchestrator', sequence: 2 });
    expect(last).not.toHaveProperty('traceparent');
  });
});
