import { environmentsOf, readScript } from './script.js';

const words = (line: string): readonly string[] => readScript(line).flatMap((each) => [each.verb, ...each.words]);

describe('A story script', () => {
  it.each<[string, string, readonly string[]]>([
    ['splits at spaces', '  approve   second grace ', ['approve', 'second', 'grace']],
    ['keeps what is quoted together', 'query eu 1 "SELECT 1"', ['query', 'eu', '1', 'SELECT 1']],
    ['keeps an empty word', 'query eu ""', ['query', 'eu', '']],
    ['keeps JSON at the end together', 'execute m {"a": [1, 2]}', ['execute', 'm', '{"a": [1, 2]}']],
    ['drops comments', 'stop agent # now', ['stop', 'agent']],
    ['does not take a fragment for a comment', 'because a#b', ['because', 'a#b']],
    ['has no verb on an empty line', '   ', []],
  ])('%s', (_, line, expected) => {
    expect(words(line)).toEqual(expected);
  });

  it('counts lines as an editor does', () => {
    expect(readScript('# one\n\nstop agent').map(({ number }) => number)).toEqual([3]);
  });

  it('names its environments', () => {
    const script = readScript('environments development production-1 {"approvals": 0}\nenvironments staging');
    expect(environmentsOf(script)).toEqual(['development', 'production-1', 'staging']);
  });
});
