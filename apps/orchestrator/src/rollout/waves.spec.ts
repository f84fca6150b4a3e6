import type { EnvironmentType } from '@dsem/events';
import { waveShape } from '@dsem/events';
import { targetOf } from '../testing/rollout-sample.js';
import { defaultWaves, requestedWaves, type WaveRequest } from './waves.js';

const candidate = (name: string, type: EnvironmentType) => ({ type, target: targetOf(name) });
const candidates = [
  candidate('dr', 'disaster-recovery'),
  candidate('eu', 'production'),
  candidate('dev', 'development'),
  candidate('us', 'production'),
  candidate('stage', 'staging'),
];
const namesOf = (waves: ReturnType<typeof defaultWaves>): string[][] =>
  waves.map((wave) => wave.targets.map((target) => target.environment));

describe('the waves of a rollout', () => {
  it('go from the farthest to the nearest of its users when nobody says otherwise', () => {
    const waves = defaultWaves(candidates);
    expect(namesOf(waves)).toEqual([['dev'], ['stage'], ['eu', 'us'], ['dr']]);
    waves.forEach((wave) => expect(waveShape.parse(wave)).toEqual(wave));
  });

  it('leave out types that it does not touch', () => {
    expect(namesOf(defaultWaves([candidate('eu', 'production')]))).toEqual([['eu']]);
  });

  it('are as they were asked for', () => {
    const requests = [
      { environments: ['us', 'dev'], parallel: 1, bakeSeconds: 60 },
      { environments: ['stage', 'eu', 'dr'] },
    ];
    const waves = requestedWaves(requests, candidates);
    expect(namesOf(waves)).toEqual([
      ['us', 'dev'],
      ['stage', 'eu', 'dr'],
    ]);
    expect(waves.map(({ parallel, bakeSeconds }) => [parallel, bakeSeconds])).toEqual([
      [1, 60],
      [10, 0],
    ]);
  });

  it.each<[string, readonly WaveRequest[], string]>([
    ['a stranger', [{ environments: ['dev', 'mars'] }], 'mars is not'],
    ['a name that every object has', [{ environments: ['constructor'] }], 'constructor is not'],
    ['an environment twice', [{ environments: ['dev'] }, { environments: ['dev'] }], 'dev stands in more than one'],
    ['an environment twice in one wave', [{ environments: ['dev', 'dev'] }], 'dev stands in more than one'],
    ['not all', [{ environments: ['dev', 'eu'] }], 'no wave holds dr, us, stage'],
    ['nobody', [], 'no wave holds'],
    ['an empty wave', [{ environments: [] }, { environments: ['dev'] }], 'a wave names nobody'],
  ])('are refused when they name %s', (_, requests, message) => {
    const refusal = expect.objectContaining({ code: 'DSEM-2009', message: expect.stringContaining(message) as string });
    expect(() => requestedWaves(requests, candidates)).toThrow(refusal);
  });
});
