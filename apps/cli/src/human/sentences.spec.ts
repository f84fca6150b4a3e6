import { sentence } from './sentences.js';

it.each([
  ['WaveStarted', { wave: 0 }, 'Wave 1 started.'],
  [
    'TargetDispatched',
    { target: { environment: 'dev' }, wave: 1, attempt: 2, direction: 'reverse' },
    'dev is due (wave 2, attempt 2, reverse).',
  ],
  ['RolloutCompleted', { environments: ['dev', 'prod'] }, 'The rollout is complete in dev, prod.'],
  ['RolloutCancelled', { notStarted: [] }, 'The rollout was cancelled; not started: none.'],
  ['RevisionRecorded', { environment: 'dev', subject: 'shop', version: '1.0.0' }, 'dev now runs shop 1.0.0.'],
  ['RevisionRecorded', { environment: 'dev', subject: 'shop' }, 'dev is back before the first version of shop.'],
  ['MigrationCancelled', {}, 'It was cancelled.'],
  ['SomethingNew', { a: 1, b: { c: 2 }, d: 'x' }, 'Something new: a 1, d x.'],
] as const)('%s with %j is told as a sentence', (event, data, told) => {
  expect(sentence(event, data)).toBe(told);
});
