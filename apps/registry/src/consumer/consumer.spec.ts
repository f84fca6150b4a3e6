import { consumerRegistered, consumerRetired, contractDeclared, type ConsumerEvent } from '@dsem/events';
import { given } from '@dsem/event-store/testing';
import { consumer, type ConsumerCommand } from './consumer.js';

type Declare = Extract<ConsumerCommand, { kind: 'declare-contract' }>;
const contract = { version: '1', subject: 'shop', reads: ['orders.id'], writes: [], environments: ['dev'] };
const declare = (more: Partial<Declare> = {}): Declare => ({
  kind: 'declare-contract',
  consumer: 'billing',
  ...contract,
  ...more,
});
const registered = consumerRegistered.of({ consumer: 'billing' });
const declared = (more: object = {}) => contractDeclared.of({ consumer: 'billing', ...contract, ...more });
const retired = (more: object = {}) => consumerRetired.of({ consumer: 'billing', ...more });
const known = [registered, declared()];
const two = [...known, declared({ version: '2' })];

describe('a consumer', () => {
  it.each<[string, readonly ConsumerEvent[], ConsumerCommand, readonly ConsumerEvent[]]>([
    ['is registered by its first contract', [], declare(), known],
    [
      'keeps who owns it',
      [],
      declare({ owner: 'team' }),
      [consumerRegistered.of({ consumer: 'billing', owner: 'team' }), declared()],
    ],
    ['declares the same contract once', known, declare(), []],
    [
      'declares the same contract once, in whichever order and however often it names an object',
      [registered, declared({ reads: ['a', 'b'] })],
      declare({ reads: ['b', 'a', 'b'] }),
      [],
    ],
    ['declares its next version', known, declare({ version: '2' }), [declared({ version: '2' })]],
    ['declares its use of another subject', known, declare({ subject: 'crm' }), [declared({ subject: 'crm' })]],
    ['retires one version', two, { kind: 'retire', version: '1' }, [retired({ version: '1' })]],
    ['retires as a whole, with a reason', two, { kind: 'retire', reason: 'gone' }, [retired({ reason: 'gone' })]],
    ['retires a version once', [...two, retired({ version: '1' })], { kind: 'retire', version: '1' }, []],
    ['retires as a whole once', [...two, retired()], { kind: 'retire' }, []],
    ['retires no version that it does not have', known, { kind: 'retire', version: '9' }, []],
  ])('%s', (_, events, command, expected) => {
    given(consumer, events).when(command).then(expected);
  });

  it.each<[string, readonly ConsumerEvent[], ConsumerCommand, string]>([
    ['other reads for a declared version', known, declare({ reads: ['orders.total'] }), 'DSEM-4002'],
    ['other writes for a declared version', known, declare({ writes: ['orders'] }), 'DSEM-4002'],
    ['other environments for a declared version', known, declare({ environments: [] }), 'DSEM-4002'],
    ['the contract of a retired version again', [...known, retired()], declare(), 'DSEM-4002'],
    ['to retire before it is registered', [], { kind: 'retire' }, 'DSEM-4001'],
  ])('refuses %s', (_, events, command, code) => {
    given(consumer, events).when(command).thenThrows(code);
  });

  it('is bound by what is left when one version retires', () => {
    const { state } = given(consumer, [...two, retired({ version: '1' })]);
    expect(state.contracts.map(({ version, retired: gone }) => [version, gone])).toEqual([
      ['1', true],
      ['2', false],
    ]);
  });
});
