import { catalogue, openEnvelope, UnknownEventType } from './catalogue.js';
import type { Envelope } from './envelope.js';
import * as everything from './index.js';

const envelope = (type: string, data: unknown): Envelope => ({
  specversion: '1.0',
  id: 'e1',
  source: 'test',
  type,
  subject: 's',
  time: '2026-01-01T00:00:00.000Z',
  datacontenttype: 'application/json',
  sequence: 1,
  tenant: 'default',
  actor: 'key:k1',
  correlationid: 'c1',
  causationid: 'c0',
  data,
});

describe('the catalogue of events', () => {
  it('holds every definition that is exported', () => {
    const exported = Object.values(everything as Record<string, unknown>).filter(
      (value) => typeof value === 'object' && value !== null && 'shape' in value && 'of' in value,
    );
    expect(new Set(catalogue.values())).toEqual(new Set(exported));
    expect(catalogue.size).toBe(exported.length);
  });

  it.each([...catalogue])('names %s as it travels', (name, { type, version }) => {
    expect(name).toBe(`${type}.v${version}`);
    expect(type).toMatch(/^[A-Z][A-Za-z]+$/);
    expect(version).toBeGreaterThan(0);
  });

  it('has every version before the newest of each event', () => {
    for (const { type, version } of catalogue.values())
      for (let earlier = version - 1; earlier > 0; earlier--) expect(catalogue.has(`${type}.v${earlier}`)).toBe(true);
  });
});

describe('a message', () => {
  const paused = { rollout: 'r1', migration: 'm1', why: 'lunch' };

  it('is opened by its type', () => {
    expect(openEnvelope(envelope('dsem.RolloutPaused.v1', paused))).toEqual({
      type: 'RolloutPaused',
      version: 1,
      data: paused,
    });
  });

  it('is what its definition makes', () => {
    expect(openEnvelope(envelope('dsem.RolloutPaused.v1', paused))).toEqual(everything.rolloutPaused.of(paused));
  });

  it.each([
    'dsem.RolloutPaused.v2',
    'dsem.RolloutPaused.v01',
    'dsem.rolloutPaused.v1',
    'dsem.constructor.v1',
    'RolloutPaused',
    'acme.Paused.v1',
  ])('stops its reader when it is a %s', (type) => {
    const open = (): unknown => openEnvelope(envelope(type, paused));
    expect(open).toThrow(UnknownEventType);
    expect(open).toThrow(expect.objectContaining({ code: 'DSEM-4010' }));
  });

  it.each([null, 'text', {}, { rollout: 'r1' }, { ...paused, rollout: 5 }])('stops its reader with data %j', (data) => {
    expect(() => openEnvelope(envelope('dsem.RolloutPaused.v1', data))).toThrow(
      expect.objectContaining({ name: expect.stringContaining('ZodError') as string }),
    );
  });

  it('does not carry anything into the prototype of what it becomes', () => {
    const data: unknown = JSON.parse('{"rollout":"r1","migration":"m1","__proto__":{"polluted":true}}');
    const opened = openEnvelope(envelope('dsem.RolloutPaused.v1', data)).data as Record<string, unknown>;
    expect(opened['polluted']).toBeUndefined();
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
