import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Decider, EventBody } from '@dsem/event-store';
import { catalogue, envelopeSchema, openEnvelope, type Envelope } from '@dsem/events';
import { golden } from '@dsem/testkit';
import { keyDecider } from '../../apps/gateway/src/identity/key.js';
import { environment } from '../../apps/orchestrator/src/environment/environment.js';
import { migration } from '../../apps/orchestrator/src/migration/migration.js';
import { rollout } from '../../apps/orchestrator/src/rollout/rollout.js';
import { consumer } from '../../apps/registry/src/consumer/consumer.js';
import { subject } from '../../apps/registry/src/subject/subject.js';
import { deadLetter } from '../../libs/service-host/src/dead-letters/letter.js';
import { assessment } from '../../apps/validator/src/assessment/assessment.js';

type Owner = Pick<Decider<unknown, never, EventBody>, 'initialState' | 'evolve'>;

/** Which aggregate folds the streams whose ids begin so; null where an event is told and never folded. */
const owners: { readonly [kind: string]: Owner | null } = {
  subject: subject as unknown as Owner,
  consumer: consumer as unknown as Owner,
  assessment: assessment as unknown as Owner,
  environment: environment as unknown as Owner,
  migration: migration as unknown as Owner,
  rollout: rollout as unknown as Owner,
  key: keyDecider as unknown as Owner,
  execution: null,
  agent: null,
  letter: deadLetter as unknown as Owner,
  proposal: null,
  ledger: null,
};
/** Messages that travel beside a stream of that name without being part of it. */
const messages = ['ExecutePlan', 'SchemaProposed', 'UseDeclared'];

const read = (file: string): Envelope => envelopeSchema.parse(JSON.parse(readFileSync(join(__dirname, file), 'utf8')));
const samples = readdirSync(__dirname)
  .filter((file) => /\.v\d+\.json$/.test(file))
  .map((file) => ({ file, envelope: read(file) }));
const ofEvents = samples.filter(({ file }) => !messages.includes(file.split('.')[0] ?? ''));
const kindOf = (stream: string): string => stream.split('-')[0] ?? '';

const streams = [...new Set(ofEvents.map(({ envelope }) => envelope.subject))].sort().map((stream) => ({
  stream,
  events: ofEvents
    .filter(({ envelope }) => envelope.subject === stream)
    .sort((a, b) => a.envelope.sequence - b.envelope.sequence)
    .map(({ envelope }) => openEnvelope(envelope)),
}));

describe('recorded events', () => {
  it('hold a sample of every event and command, in every version', () => {
    const recorded = samples.map(({ file }) => file.replace(/\.json$/, ''));
    expect(recorded.sort()).toEqual([...catalogue.keys()].sort());
  });

  it.each(samples)('are still read: $file', ({ file, envelope }) => {
    const opened = openEnvelope(envelope);
    expect(`${opened.type}.v${opened.version}.json`).toBe(file);
    expect(opened.data).toEqual(envelope.data);
  });

  it.each(samples)('may gain fields that this reader does not know: $file', ({ envelope }) => {
    const data = { ...(envelope.data as object), fieldOfTomorrow: { deep: [1] } };
    expect(openEnvelope({ ...envelope, data }).data).toEqual(envelope.data);
  });

  it('belong to an aggregate that is known here', () => {
    expect(ofEvents.filter(({ envelope }) => !(kindOf(envelope.subject) in owners))).toEqual([]);
  });

  const folded = streams.filter(({ stream }) => owners[kindOf(stream)] != null);
  it.each(folded)('are folded by their owner as ever: $stream', ({ stream, events }) => {
    const owner = owners[kindOf(stream)];
    const before = JSON.stringify(events);
    const state = events.reduce((folding, event) => owner?.evolve(folding, event), owner?.initialState);
    const text = `${JSON.stringify(state, null, 2)}\n`;
    expect(text).toBe(golden(join(__dirname, 'testdata', `${stream}.json`), text));
    expect(JSON.stringify(events)).toBe(before);
  });

  it('are known to every owner: none of them lets an event of its own go by', () => {
    const told = new Set(folded.flatMap(({ events }) => events.map((event) => event.type)));
    for (const { stream, events } of folded)
      for (const event of events) {
        const owner = owners[kindOf(stream)];
        expect(owner?.evolve(owner.initialState, event)).not.toBe(event);
      }
    expect(told.size).toBeGreaterThan(40);
  });
});
