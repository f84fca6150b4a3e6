import { envelopeSchema } from '@dsem/events';
import { memoryEventStore } from '@dsem/event-store';
import { toEnvelope } from './envelope.js';

const metadata = { tenant: 'acme', actor: 'person:ada', correlationId: 'c-1', causationId: 'c-0' };
const stored = async (extra: object) => {
  const store = memoryEventStore({ now: () => new Date(0) });
  const event = {
    id: 'e-1',
    type: 'VersionRegistered',
    version: 2,
    data: { n: 1 },
    metadata: { ...metadata, ...extra },
  };
  const { events } = await store.append('subject-shop', 0, [event]);
  const [first] = events;
  if (!first) throw new Error('the store kept nothing');
  return first;
};

describe('toEnvelope', () => {
  it('keeps who, what, when, where and why', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const envelope = toEnvelope(await stored({ onBehalfOf: 'person:bob', traceparent }), 'dsem/registry');
    expect(envelopeSchema.parse(envelope)).toEqual({
      specversion: '1.0',
      id: 'e-1',
      source: 'dsem/registry',
      type: 'dsem.VersionRegistered.v2',
      subject: 'subject-shop',
      time: '1970-01-01T00:00:00.000Z',
      datacontenttype: 'application/json',
      sequence: 1,
      position: '1',
      tenant: 'acme',
      actor: 'person:ada',
      onbehalfof: 'person:bob',
      correlationid: 'c-1',
      causationid: 'c-0',
      traceparent,
      data: { n: 1 },
    });
  });

  it('leaves out what is not known', async () => {
    const envelope = toEnvelope(await stored({}), 'dsem/registry');
    expect(Object.keys(envelope)).not.toEqual(expect.arrayContaining(['traceparent']));
    expect('onbehalfof' in envelope).toBe(false);
  });
});
