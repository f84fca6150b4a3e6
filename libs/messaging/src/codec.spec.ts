import fc from 'fast-check';
import { sampleEnvelope } from './contract.js';
import { decode, encode, maxBytes, maxDepth, maxKeys, nestsDeeperThan } from './codec.js';

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;

describe('decode', () => {
  it('is the reverse of encode', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (data) => {
        const envelope = { ...sampleEnvelope(1), data };
        expect(decode(encode(envelope))).toEqual({ ok: true, envelope: JSON.parse(JSON.stringify(envelope)) });
      }),
    );
  });

  it('never throws, whatever it is given', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => typeof decode(text).ok === 'boolean'));
  });

  it('refuses what is too large or too deep before it is parsed', () => {
    expect(decode(`"${'x'.repeat(maxBytes)}"`)).toMatchObject({ ok: false, cause: expect.stringContaining('bytes') });
    expect(decode('['.repeat(500_000))).toMatchObject({ ok: false, cause: expect.stringContaining('deeper') });
  });

  it('refuses more keys than anybody needs, and takes the limit', () => {
    const data = (n: number) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`k${i}`, 0]));
    const own = Object.keys(sampleEnvelope(1)).length;
    const within = JSON.stringify({ ...sampleEnvelope(1), data: data(maxKeys - own) });
    const beyond = JSON.stringify({ ...sampleEnvelope(1), data: data(maxKeys - own + 1) });
    expect(decode(within)).toMatchObject({ ok: true });
    expect(decode(beyond)).toMatchObject({ ok: false, cause: expect.stringContaining('keys') });
  });

  it('refuses half a character, which nothing can store', () => {
    const body = JSON.stringify({ ...sampleEnvelope(1), data: { note: 'here' } }).replace('here', '\\ud800');
    expect(decode(body)).toMatchObject({ ok: false, cause: expect.stringContaining('store') });
  });

  it.each([
    ['version', { specversion: '0.3' }],
    ['time', { time: 'yesterday' }],
    ['sequence', { sequence: -1 }],
    ['actor', { actor: '' }],
  ])('names the field that is wrong: %s', (field, change) => {
    const decoded = decode(JSON.stringify({ ...sampleEnvelope(1), ...change }));
    expect(decoded).toMatchObject({ ok: false, cause: expect.stringContaining(field) });
  });
});

describe('nestsDeeperThan', () => {
  it('agrees with the parsed value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), fc.integer({ min: 0, max: 8 }), (value, limit) => {
        expect(nestsDeeperThan(JSON.stringify(value), limit)).toBe(depthOf(value) > limit);
      }),
    );
  });

  it('allows exactly the limit', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect([nestsDeeperThan(nested(maxDepth), maxDepth), nestsDeeperThan(nested(maxDepth + 1), maxDepth)]).toEqual([
      false,
      true,
    ]);
  });
});
