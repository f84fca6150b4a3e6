import fc from 'fast-check';
import { parseJson } from './json-limits.js';

const codeOf = (text: string, limits?: { depth: number; keys: number }): unknown => {
  try {
    parseJson(text, limits);
    return 'accepted';
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
};

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null
    ? 1 + Object.values(value).reduce<number>((most, each) => Math.max(most, depthOf(each)), 0)
    : 0;

const clean = fc
  .jsonValue({ maxDepth: 6 })
  .map((value) => JSON.stringify(value))
  .filter((text) => !text.includes('__proto__') && !text.includes('\\u0000'));

describe('parseJson', () => {
  it('reads every clean text as JSON.parse does', () => {
    fc.assert(fc.property(clean, (text) => expect(parseJson(text)).toEqual(JSON.parse(text))));
  });

  it('reads it the same with any white space', () => {
    fc.assert(
      fc.property(clean, (text) => {
        expect(parseJson(JSON.stringify(JSON.parse(text), null, '\t'))).toEqual(JSON.parse(text));
      }),
    );
  });

  it('refuses exactly what is deeper than the limit', () => {
    fc.assert(
      fc.property(clean, fc.integer({ min: 0, max: 5 }), (text, depth) => {
        const tooDeep = depthOf(JSON.parse(text)) > depth;
        expect(codeOf(text, { depth, keys: 1000 })).toBe(tooDeep ? 'DSEM-1005' : 'accepted');
      }),
    );
  });

  it('refuses any text that is not JSON with a code, never with another error', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}[]":,\\u0a1 \n'), maxLength: 40 }), (text) => {
        expect(codeOf(text)).toMatch(/^(accepted|DSEM-100[1568])$/);
      }),
    );
  });

  it('finds a key that is repeated under another spelling', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 5, unit: 'grapheme-ascii' }), (key) => {
        const escaped = [...key].map((char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
        expect(codeOf(`{${JSON.stringify(key)}:1,"${escaped}":2}`)).toBe('DSEM-1006');
      }),
    );
  });

  it('lets the same key stand in different objects', () => {
    expect(codeOf('{"a":{"a":[{"a":1},{"a":2}]},"b":"a"}')).toBe('accepted');
  });

  it('names the place of a mistake', () => {
    expect(() => parseJson('{\n  "a" 1\n}')).toThrow('line 2, column 7');
    expect(() => parseJson('{\n  "a": x\n}')).toThrow("Unexpected token 'x'");
  });

  it.each([
    ['{"a":"\\ud83d\\ude00"}', 'accepted'],
    ['{"a":"\\\\ud83d"}', 'accepted'],
    ['{"a":"\\ud83d"}', 'DSEM-1001'],
    ['{"a":"\\uDE00x"}', 'DSEM-1001'],
    ['{"a":"\\ude00\\ud83d"}', 'DSEM-1001'],
    ['{"\\ud83d":1}', 'DSEM-1001'],
  ])('takes whole characters only: %s is %s', (text, expected) => {
    expect(codeOf(text)).toBe(expected);
  });
});
