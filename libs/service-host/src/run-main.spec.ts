import { InvalidConfig } from './config.js';
import { startFailureOf } from './run-main.js';

const failure = (fields: object, message = 'said'): Error => Object.assign(new Error(message), fields);

describe('what stops a start', () => {
  it.each<[string, unknown, RegExp | undefined]>([
    [
      'a refusal',
      new InvalidConfig('PORT: got "x".'),
      /^DSEM-1017 The configuration is not valid: PORT: got "x"\. Set/,
    ],
    [
      'a port in use',
      failure({ code: 'EADDRINUSE', syscall: 'listen', address: '::', port: 80 }),
      /^DSEM-1017 .*:::80 is in use\. .*PORT/,
    ],
    ['a port of others', failure({ code: 'EACCES', syscall: 'listen' }, 'listen EACCES 0:80'), /^DSEM-1017 .*EACCES/],
    ['a database that refuses', failure({ code: 'ECONNREFUSED', syscall: 'connect' }), /^DSEM-3001 /],
    ['one tried by several addresses', new AggregateError([failure({ code: 'ECONNREFUSED' })]), /^DSEM-3001 /],
    ['a wrong password', failure({ code: '28P01' }), /^DSEM-3001 /],
    ['a secret in its words', failure({ code: '28000' }, 'no postgres://a:hunter2@b/c'), /a:\*\*\*@b/],
    ['a folder', failure({ code: 'EACCES', syscall: 'mkdir', path: '/x' }), /^DSEM-1017 .*Make \/x accessible/],
    ['a fault of our own', new TypeError('x is undefined'), undefined],
    ['a broken statement of our own', failure({ code: '42601' }), undefined],
  ])('%s is told in one line, a fault with its stack', (_, error, expected) => {
    const line = startFailureOf(error);
    if (expected === undefined) expect(line).toBeUndefined();
    else expect(line).toMatch(expected);
    expect(line ?? '').not.toMatch(/\n|hunter2/);
  });

  it('says what helps where an address cannot be set', () => {
    const taken = failure({ code: 'EADDRINUSE', syscall: 'listen', address: '127.0.0.1', port: 8080 });
    const line = startFailureOf(taken, 'Leave out --keep.');
    expect(line).toBe('DSEM-1017 The configuration is not valid: 127.0.0.1:8080 is in use. Leave out --keep.');
  });
});
