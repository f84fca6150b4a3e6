import fc from 'fast-check';
import { chooseVersion, nextVersion, type Bump } from './semver.js';

describe('the next number of a schema', () => {
  it.each<[string | undefined, Bump, string]>([
    [undefined, 'none', '1.0.0'],
    [undefined, 'major', '1.0.0'],
    ['1.2.3', 'major', '2.0.0'],
    ['1.2.3', 'minor', '1.3.0'],
    ['1.2.3', 'patch', '1.2.4'],
    ['1.2.3', 'none', '1.2.4'],
    ['999999999.9.9', 'major', '1000000000.0.0'],
  ])('after %s with a %s change is %s', (current, bump, next) => {
    expect(nextVersion(current, bump)).toBe(next);
  });
});

describe('the number of a new version', () => {
  it.each<[string, string | undefined, Bump, string | undefined, string]>([
    ['is the computed one when none is declared', '1.2.3', 'minor', undefined, '1.3.0'],
    ['is the declared one when it is the computed one', '1.2.3', 'minor', '1.3.0', '1.3.0'],
    ['is the declared one when it is larger', '1.2.3', 'patch', '7.0.0', '7.0.0'],
    ['counts numbers, not letters', '1.9.0', 'minor', '1.10.0', '1.10.0'],
    ['may start anywhere from one', undefined, 'none', '4.2.0', '4.2.0'],
    ['goes on after the largest that can be declared', '999999999.0.0', 'major', undefined, '1000000000.0.0'],
    ['goes on after one that could not be declared', '1000000000.0.0', 'major', undefined, '1000000001.0.0'],
  ])('%s', (_, current, bump, declared, chosen) => {
    expect(chooseVersion(current, bump, [], declared)).toBe(chosen);
  });

  it.each<[string, string | undefined, Bump, string, string]>([
    ['smaller than the change asks for', '1.2.3', 'major', '1.3.0', 'DSEM-2007'],
    ['that is taken', '1.2.3', 'none', '1.2.3', 'DSEM-2007'],
    ['below one for a first version', undefined, 'none', '0.9.0', 'DSEM-2007'],
    ['of two parts', '1.2.3', 'minor', '1.3', 'DSEM-2008'],
    ['with a prefix', '1.2.3', 'minor', 'v1.3.0', 'DSEM-2008'],
    ['with a zero in front', '1.2.3', 'minor', '01.3.0', 'DSEM-2008'],
    ['with an end', '1.2.3', 'minor', '1.3.0-rc.1', 'DSEM-2008'],
    ['with a line break', '1.2.3', 'minor', '1.3.0\n', 'DSEM-2008'],
    ['of ten digits', '1.2.3', 'major', '1000000000.0.0', 'DSEM-2008'],
  ])('may not be declared %s', (_, current, bump, declared, code) => {
    expect(() => chooseVersion(current, bump, [], declared)).toThrow(expect.objectContaining({ code }));
  });

  it('is refused with the changes that ask for more, five at most', () => {
    const because = ['a', 'b', 'c', 'd', 'e', 'f'].map((letter) => `column ${letter} was dropped`);
    expect(() => chooseVersion('1.0.0', 'major', because, '1.1.0')).toThrow(
      'declared 1.1.0, computed 2.0.0: ' + because.slice(0, 5).join('; '),
    );
  });

  it('always grows, whatever happens', () => {
    const bump = fc.constantFrom<Bump>('major', 'minor', 'patch', 'none');
    fc.assert(
      fc.property(fc.array(bump, { maxLength: 30 }), (bumps) => {
        const numbers = bumps.reduce<string[]>((all, each) => [...all, nextVersion(all.at(-1), each)], []);
        const weights = numbers.map((number) => number.split('.').reduce((sum, part) => sum * 1000 + Number(part), 0));
        weights.slice(1).forEach((weight, index) => expect(weight).toBeGreaterThan(weights[index] ?? 0));
      }),
    );
  });
});
