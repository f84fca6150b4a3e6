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

  it.each(['a.', 'a://b:', 'eyJ-', '{"a":', '"token":', '[', 'Bearer '])('takes no time for many %s', (piece) => {
    const started = performance.now();
    shownBodyOf(piece.repeat(200_000));
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
