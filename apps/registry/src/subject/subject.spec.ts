import {
  compatibilitySet,
  subjectArchived,
  subjectCreated,
  subjectDescribed,
  versionRegistered,
  type SubjectEvent,
} from '@dsem/events';
import { given } from '@dsem/event-store/testing';
import { newestVersion, subject, type RegisterVersion, type SubjectCommand } from './subject.js';

const digestOf = (letter: string): string => `sha256:${letter.repeat(64)}`;

const register = (letter: string, more: Partial<RegisterVersion> = {}): RegisterVersion => ({
  kind: 'register-version',
  subject: 'shop',
  engine: 'postgresql',
  branch: 'main',
  digest: digestOf(letter),
  computedAgainst: undefined,
  bump: 'none',
  because: [],
  renamedFrom: [],
  source: 'ddl',
  ...more,
});

const created = (more: object = {}) =>
  subjectCreated.of({ subject: 'shop', engine: 'postgresql', compatibility: 'backward', ...more });

type Registered = ReturnType<typeof versionRegistered.of>['data'];
const registered = (letter: string, number: number, version: string, more: Partial<Registered> = {}) =>
  versionRegistered.of({
    subject: 'shop',
    engine: 'postgresql',
    number,
    version,
    branch: 'main',
    digest: digestOf(letter),
    ancestors: [],
    bump: 'none',
    bumpedBecause: [],
    compatibility: 'backward',
    source: 'ddl',
    ...more,
  });

const first = [created(), registered('a', 1, '1.0.0')];
const onA = { computedAgainst: digestOf('a'), bump: 'minor', because: ['a column was added'] } as const;
const second = registered('b', 2, '1.1.0', {
  parent: { version: '1.0.0', digest: digestOf('a') },
  ancestors: [digestOf('a')],
  bump: 'minor',
  bumpedBecause: ['a column was added'],
});
const rename = { table: { name: 'orders' }, column: 'buyer', was: { name: 'client' } };
const renamed = versionRegistered.of({ ...second.data, renamedFrom: [rename] });
const archived = [...first, subjectArchived.of({ subject: 'shop' })];
const mode = (compatibility: Registered['compatibility']): SubjectCommand => ({
  kind: 'describe',
  compatibility,
});

type Case = readonly [string, readonly SubjectEvent[], SubjectCommand, readonly SubjectEvent[]];
const cases: readonly Case[] = [
  ['begins with its first version, judged backward', [], register('a'), first],
  [
    'keeps who owns it, what it is for and how it is judged',
    [],
    register('a', {
      owner: 'team',
      description: 'orders',
      labels: { tier: '1' },
      compatibility: 'full',
      reason: 'new',
    }),
    [
      created({ owner: 'team', description: 'orders', labels: { tier: '1' }, compatibility: 'full' }),
      registered('a', 1, '1.0.0', { compatibility: 'full', reason: 'new' }),
    ],
  ],
  ['takes a declared first number', [], register('a', { declared: '3.0.0' }), [created(), registered('a', 1, '3.0.0')]],
  ['adds a version with its parent and its ancestors', first, register('b', onA), [second]],
  ['keeps what goes on under another name', first, register('b', { ...onA, renamedFrom: [rename] }), [renamed]],
  [
    'adds nothing for the same content with the same rename, told or not told again',
    [...first, renamed],
    register('b', { renamedFrom: [{ was: rename.was, column: 'buyer', table: rename.table }] }),
    [],
  ],
  ['adds nothing for the same content', first, register('a', { computedAgainst: digestOf('a') }), []],
  ['adds nothing for the same content under another declared number', first, register('a', { declared: '9.0.0' }), []],
  [
    'only changes the mode when the content is the same and the mode is not',
    first,
    register('a', { compatibility: 'full' }),
    [
      compatibilitySet.of({
        subject: 'shop',
        compatibility: 'full',
        newest: { version: '1.0.0', digest: digestOf('a'), ancestors: [] },
      }),
    ],
  ],
  [
    'changes its mode before the version that asks for it',
    first,
    register('b', { ...onA, compatibility: 'none' }),
    [
      compatibilitySet.of({ subject: 'shop', compatibility: 'none' }),
      versionRegistered.of({ ...second.data, compatibility: 'none' }),
    ],
  ],
  [
    'takes back an earlier content as a new version',
    [...first, second],
    register('a', { computedAgainst: digestOf('b'), bump: 'major', because: ['a column was dropped'] }),
    [
      registered('a', 3, '2.0.0', {
        parent: { version: '1.1.0', digest: digestOf('b') },
        ancestors: [digestOf('a'), digestOf('b')],
        bump: 'major',
        bumpedBecause: ['a column was dropped'],
      }),
    ],
  ],
  [
    'compares a version with its own branch only',
    first,
    register('c', { branch: 'next' }),
    [registered('c', 2, '1.0.0', { branch: 'next' })],
  ],
  [
    'names its newest version and the ones before when the mode changes',
    [...first, second, registered('c', 3, '1.0.0', { branch: 'next' })],
    mode('full-transitive'),
    [
      compatibilitySet.of({
        subject: 'shop',
        compatibility: 'full-transitive',
        newest: { version: '1.1.0', digest: digestOf('b'), ancestors: [digestOf('a')] },
      }),
    ],
  ],
  ['does not change to the mode that it has', first, mode('backward'), []],
  [
    'describes only what is new',
    [created({ owner: 'team', description: 'orders' })],
    { kind: 'describe', owner: 'team', description: 'orders and carts', labels: { tier: '1' } },
    [subjectDescribed.of({ subject: 'shop', description: 'orders and carts', labels: { tier: '1' } })],
  ],
  [
    'describes nothing when nothing is new, in whichever order labels come',
    [created({ owner: 'team', labels: { tier: '1', zone: 'x' } })],
    { kind: 'describe', owner: 'team', labels: { zone: 'x', tier: '1' } },
    [],
  ],
  [
    'takes labels away',
    [created({ labels: { tier: '1' } })],
    { kind: 'describe', labels: {} },
    [subjectDescribed.of({ subject: 'shop', labels: {} })],
  ],
  [
    'is archived with a reason',
    first,
    { kind: 'archive', neededBy: [], reason: 'gone' },
    [subjectArchived.of({ subject: 'shop', reason: 'gone' })],
  ],
];

describe('a subject', () => {
  it.each(cases)('%s', (_, events, command, expected) => {
    given(subject, events).when(command).then(expected);
  });

  it.each<[string, readonly SubjectEvent[], SubjectCommand, string]>([
    ['a version for another engine', first, register('b', { ...onA, engine: 'mysql' }), 'DSEM-2005'],
    ['a diff against what is not the newest any more', [...first, second], register('c', onA), 'DSEM-4009'],
    ['a first version that others made meanwhile', first, register('b'), 'DSEM-4009'],
    ['a declared number below the computed one', first, register('b', { ...onA, declared: '1.0.1' }), 'DSEM-2007'],
    ['a declared number that is none', first, register('b', { ...onA, declared: 'next' }), 'DSEM-2008'],
    [
      'a rename that the version does not tell',
      [...first, second],
      register('b', { renamedFrom: [rename] }),
      'DSEM-4015',
    ],
    ['a version when it is archived', archived, register('b', onA), 'DSEM-4001'],
    ['a mode before it exists', [], mode('full'), 'DSEM-4001'],
    ['a mode when it is archived', archived, mode('full'), 'DSEM-4001'],
    ['a description before it exists', [], { kind: 'describe', owner: 'me' }, 'DSEM-4001'],
    ['to be archived before it exists', [], { kind: 'archive', neededBy: [] }, 'DSEM-4001'],
    [
      'to be archived while something uses it',
      first,
      { kind: 'archive', neededBy: ['environment eu at 1.0.0 holds it'] },
      'DSEM-4008',
    ],
    ['to be archived twice', archived, { kind: 'archive', neededBy: [] }, 'DSEM-4001'],
  ])('refuses %s', (_, events, command, code) => {
    given(subject, events).when(command).thenThrows(code);
  });

  it('knows the newest version of each branch', () => {
    const { state } = given(subject, [...first, second, registered('c', 3, '1.0.0', { branch: 'next' })]);
    expect(newestVersion(state)?.version).toBe('1.1.0');
    expect(newestVersion(state, 'next')?.digest).toBe(digestOf('c'));
    expect(newestVersion(state, 'gone')).toBeUndefined();
  });

  it('keeps what a description leaves out', () => {
    const { state } = given(subject, [
      created({ owner: 'team', description: 'orders' }),
      subjectDescribed.of({ subject: 'shop', owner: 'others' }),
    ]);
    expect(state).toMatchObject({ owner: 'others', description: 'orders' });
  });
});
