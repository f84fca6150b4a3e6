import fc from 'fast-check';
import { envelopeSchema, parseTypeName, typeName, type Envelope } from './envelope.js';

const envelope: Envelope = {
  specversion: '1.0',
  id: 'e1',
  source: 'dsem/registry',
  type: 'dsem.VersionRegistered.v1',
  subject: 'subject-shop',
  time: '2026-01-01T00:00:00.000Z',
  datacontenttype: 'application/json',
  sequence: 1,
  tenant: 'default',
  actor: 'key:k1',
  correlationid: 'c1',
  causationid: 'c0',
  data: { any: 'thing' },
};

describe('an envelope', () => {
  it('is a CloudEvent with what this product needs', () => {
    expect(envelopeSchema.parse(envelope)).toEqual(envelope);
  });

  it.each<[string, Partial<Record<keyof Envelope, unknown>>]>([
    [
      'a position, who it was done for and a trace',
      { position: '7', onbehalfof: 'key:k2', traceparent: '00-ab-cd-01' },
    ],
    ['a time with an offset', { time: '2026-01-01T01:00:00+01:00' }],
    ['the sequence of a message that belongs to no stream', { sequence: 0 }],
    ['no data', { data: null }],
  ])('may have %s', (_, more) => {
    expect(envelopeSchema.parse({ ...envelope, ...more })).toEqual({ ...envelope, ...more });
  });

  it.each<[string, Partial<Record<keyof Envelope, unknown>>]>([
    ['another specification', { specversion: '0.3' }],
    ['no id', { id: '' }],
    ['an id without end', { id: 'x'.repeat(101) }],
    ['no source', { source: undefined }],
    ['a time that is none', { time: 'yesterday' }],
    ['a time without a zone', { time: '2026-01-01T00:00:00' }],
    ['other content', { datacontenttype: 'text/xml' }],
    ['a sequence below zero', { sequence: -1 }],
    ['a sequence between two numbers', { sequence: 1.5 }],
    ['a position that is a number', { position: 7 }],
    ['no tenant', { tenant: undefined }],
    ['no actor', { actor: '' }],
    ['no correlation', { correlationid: undefined }],
    ['no causation', { causationid: undefined }],
  ])('is refused with %s', (_, wrong) => {
    expect(envelopeSchema.safeParse({ ...envelope, ...wrong }).success).toBe(false);
  });
});

describe('the type of an envelope', () => {
  it('names the event and its major version', () => {
    expect(typeName('VersionRegistered', 2)).toBe('dsem.VersionRegistered.v2');
  });

  it('is read back, whatever it names', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z]{1,40}$/), fc.integer({ min: 1, max: 999 }), (event, version) => {
        expect(parseTypeName(typeName(event, version))).toEqual({ event, version });
      }),
    );
  });

  it.each([
    '',
    'VersionRegistered',
    'acme.VersionRegistered.v1',
    'dsem.VersionRegistered',
    'dsem.Version.Registered.v1',
  ])('is foreign when it is %p', (type) => {
    expect(parseTypeName(type)).toBeUndefined();
  });

  it.each([
    'dsem.VersionRegistered.v1\n',
    ' dsem.VersionRegistered.v1',
    'dsem.VersionRegistered-v1',
    'dsem-A.v1',
    'dsem.A.v0',
  ])('is not guessed from %j', (type) => {
    expect(parseTypeName(type)).toBeUndefined();
  });
});
