import fc from 'fast-check';
import { redact } from './logging.js';

/** What is a token, said as one pattern: right, and too slow for a long line. */
const asPattern = (text: string): string => text.replace(/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, '***');

describe('tokens in a text', () => {
  it.each([
    ['eyJa.b.c', '***'],
    ['token=eyJhbGci.eyJzdWIi.c2ln!', 'token=***!'],
    ['host.name.eyJa.b.c', 'host.name.***'],
    ['x-eyJa.b.c.d', 'x-***.d'],
    ['eyJa.b.c.eyJd.e.f', '***.***'],
    ['eyJa.b', 'eyJa.b'],
    ['eyJ.b.c', 'eyJ.b.c'],
    ['eyJa..c', 'eyJa..c'],
    ['xeyJa.b.c', 'xeyJa.b.c'],
  ])('%s is told as %s', (text, told) => {
    expect(redact(text)).toBe(told);
  });

  it('are taken out exactly where the pattern finds them', () => {
    const piece = fc.constantFrom('eyJ', 'a', '-', '_', '.', ' ', '"', 'x', 'eyJa.b.c');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = pieces.join('');
        expect(redact(text)).toBe(asPattern(text));
      }),
      { numRuns: 2000 },
    );
  });
});
