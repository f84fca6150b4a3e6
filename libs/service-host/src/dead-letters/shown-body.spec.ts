import { shownBodyOf } from './shown-body.js';

const jwt = `eyJ${'a'.repeat(20)}.${'b'.repeat(20)}.${'c'.repeat(20)}`;

describe('the body of a dead letter, as it is shown', () => {
  it.each([
    ['an ordinary one stays', '{"a":[1,"x"]}', '{"a":[1,"x"]}'],
    ['what is no JSON stays', 'garbage {', 'garbage {'],
    ['a secret field', '{"a":{"b":{"c":{"password":"p"}}}}', '{"a":{"b":{"c":{"password":"***"}}}}'],
    ['a secret field that is an object', '{"secret":{"x":"p"},"y":1}', '{"secret":"***","y":1}'],
    ['a secret field under an escaped name', '{"\\u0070assword":"p"}', '{"password":"***"}'],
    ['a secret field of broken JSON', '{"password" : "p\\"q", "n": 1', '{"password" : "***", "n": 1'],
    ['a secret field that the end cuts', '{"x":1,"token":"abc', '{"x":1,"token":"***"'],
    ['a number', '{"token":12,', '{"token":"***",'],
    ['a password in a URL', '{"u":"postgres://a:p@h/d"}', '{"u":"postgres://a:***@h/d"}'],
    ['a key', `no json dsem_user_ab1_${'0f'.repeat(20)}`, 'no json dsem_user_ab1_***'],
    ['a token', `no json ${jwt}`, 'no json ***'],
    ['half a character', '\ud800', '\ufffd'],
  ])('%s', (_, body, shown) => {
    expect(shownBodyOf(body)).toBe(shown);
  });

  it('is cut, and no secret is shown half at the cut', () => {
    const long = shownBodyOf(`${'x'.repeat(16_370)} ${jwt} ${'y'.repeat(1_000_000)}`);
    expect(long).toHaveLength(16_384);
    expect(long).toContain('***');
    expect(long).not.toContain('eyJ');
  });

  /** A body that counts the characters that are taken out of it, and can be asked for nothing else. */
  const counting = (body: string) => {
    let taken = 0;
    const slice = (from: number, to: number): string => {
      const part = body.slice(from, to);
      taken += part.length;
      return part;
    };
    return { body: { slice } as unknown as string, taken: () => taken };
  };

  it.each([1, 20_479, 20_480, 20_481, 1_000_000])('costs no more than its first 20,480 of %i characters', (length) => {
    const { body, taken } = counting('x'.repeat(length));
    expect(shownBodyOf(body)).toHaveLength(Math.min(length, 16_384));
    expect(taken()).toBe(Math.min(length, 20_480));
  });

  it('is read as JSON only where that ends within what is looked at', () => {
    const shownOf = (length: number): string => shownBodyOf(`{ "a": "${'x'.repeat(length - 10)}"}`);
    expect(shownOf(20_480).slice(0, 7)).toBe('{"a":"x');
    expect(shownOf(20_481).slice(0, 9)).toBe('{ "a": "x');
  });

  it.each([
    ['a.', 'a.'],
    ['a://b:', 'a://b:'],
    ['eyJ-', 'eyJ-'],
    ['{"a":', '{"a":'],
    ['[', '['],
    ['"token":"token":', '"token":"***":'],
    ['Bearer x ', 'Bearer *** '],
  ])('of many %s is many %s', (piece, shown) => {
    expect(shownBodyOf(piece.repeat(200_000))).toBe(shown.repeat(16_384).slice(0, 16_384));
  });
});
