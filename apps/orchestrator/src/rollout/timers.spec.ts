import { memoryEventStore } from '@dsem/event-store';
import { environmentAdded, migrationDrafted, planRejected, revisionRecorded, streams } from '@dsem/events';
import { digestOf } from '../testing/rollout-sample.js';
import { defaultPolicy } from '../environment/environment.js';
import type { Orchestrator } from '../orchestrator.context.js';
import { tick } from './timers.js';

const about = { migration: 'm1', subject: 'shop', version: '2.0.0' };
const assessment = { ...about, mode: 'backward', compatible: false, findings: [], consumers: [] };
/** What the validator says of the way from what the environment runs. */
const verdict = {
  engine: 'postgresql',
  mode: 'backward',
  compatible: false,
  backwardCompatible: false,
  forwardCompatible: true,
  score: 60,
  arithmetic: { liveBreaks: 1, potentialBreaks: 0, warnings: 0 },
  semver: 'major',
  findings: [],
  ruleset: 'r',
};
const metadata = { tenant: 't', actor: 'key:a', correlationId: 'c', causationId: 'r' };
const body = <Event extends object>(event: Event) => ({ ...event, id: crypto.randomUUID(), metadata });

/** A draft that looked unplanned when it was looked up, and what its streams hold by the time it is woken. */
const orchestratorWith = async (...more: readonly { readonly type: string; readonly data: object }[]) => {
  const store = memoryEventStore();
  const environment = { environment: 'eu', type: 'production', engine: 'postgresql' } as const;
  const at = { environment: 'eu', subject: 'shop', digest: digestOf('b'), migration: 'm0', rollout: 'm0' };
  const added = environmentAdded.of({ ...environment, policy: defaultPolicy('production') });
  await store.append(streams.environment('eu'), 0, [body(added), body(revisionRecorded.of(at))]);
  const how = { engine: 'postgresql', digest: digestOf('c'), style: 'online' } as const;
  const drafted = migrationDrafted.of({ ...about, ...how, environments: ['eu'] });
  await store.append(streams.migration('m1'), 0, [drafted, ...more].map(body) as never);
  const query = (text: string) => {
    if (text.includes('SELECT body FROM assessments')) return Promise.resolve({ rows: [{ body: assessment }] });
    return Promise.resolve({ rows: text.includes("status = 'draft'") ? [{ id: 'm1' }] : [] });
  };
  const service = { store, pool: { query }, clock: () => new Date(0) };
  const validator = { now: () => Promise.resolve(verdict) };
  return {
    orchestrator: { service, validator } as unknown as Orchestrator,
    events: () => store.readStream(streams.migration('m1')),
  };
};

describe('the sweep over assessed drafts', () => {
  it('plans or refuses a draft', async () => {
    const { orchestrator, events } = await orchestratorWith();
    const errors: unknown[] = [];
    await tick(orchestrator, (error) => errors.push(error));
    expect(errors).toEqual([]);
    expect((await events()).map(({ type }) => type)).toEqual(['MigrationDrafted', 'PlanRejected']);
  });

  it.each([
    ['refused', planRejected.of({ ...about, code: 'DSEM-4006', why: 'breaks', findings: [] })],
    ['cancelled', { type: 'MigrationCancelled', data: { migration: 'm1' } }],
  ])('passes over one that its request has %s meanwhile', async (_, event) => {
    const { orchestrator, events } = await orchestratorWith(event);
    const errors: unknown[] = [];
    await tick(orchestrator, (error) => errors.push(error));
    expect(errors).toEqual([]);
    expect(await events()).toHaveLength(2);
  });
});
