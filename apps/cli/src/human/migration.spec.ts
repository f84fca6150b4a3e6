import type { MigrationProgress } from '@dsem/api';
import { paint } from '../output/paint.js';
import { progressText } from './migration.js';

const progress: MigrationProgress = {
  id: 'm1',
  schema: 'shop',
  version: '1.0.0',
  status: 'completed',
  allowed: [],
  targets: [
    { environment: 'staging', wave: 0, status: 'succeeded', direction: 'forward', attempt: 1 },
    {
      environment: 'production',
      wave: 1,
      status: 'succeeded',
      direction: 'forward',
      attempt: 1,
      above: [
        { migration: 'm3', schema: 'shop', version: '3.0.0' },
        { migration: 'm2', schema: 'shop' },
      ],
    },
  ],
};

it('what stands above a migration is told where it does, in the order of taking it back', () => {
  expect(progressText(progress, paint(false)).split('\n')).toEqual([
    'shop 1.0.0  completed  m1',
    '  staging  wave 1  succeeded',
    '  production  wave 2  succeeded',
    '  in production roll back first: m3 (shop 3.0.0), m2 (shop)',
    '',
  ]);
});
