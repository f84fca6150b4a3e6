import { compatibilityAssessed } from '@dsem/events';
import { given } from '@dsem/event-store/testing';
import { assessment, type AssessmentResult } from './assessment.js';

const result: AssessmentResult = {
  subject: 'shop',
  engine: 'postgresql',
  version: '1.1.0',
  digest: `sha256:${'b'.repeat(64)}`,
  baselines: [`sha256:${'a'.repeat(64)}`],
  mode: 'backward',
  compatible: true,
  backwardCompatible: true,
  forwardCompatible: false,
  score: 90,
  semver: 'minor',
  findings: [],
  consumers: [],
  ruleset: 'r1',
};
const record = (more: Partial<AssessmentResult> = {}) => ({ kind: 'record', result: { ...result, ...more } }) as const;
const assessed = (more: Partial<AssessmentResult> = {}) => compatibilityAssessed.of({ ...result, ...more });

describe('an assessment', () => {
  it('tells its first judgement', () => {
    given(assessment, []).when(record()).then([assessed()]);
  });

  it('tells the same judgement once', () => {
    given(assessment, [assessed()]).when(record()).thenNothing();
  });

  it.each<[string, Partial<AssessmentResult>]>([
    ['the mode', { mode: 'full' }],
    ['the verdict', { compatible: false }],
    ['the consumers that are hit', { consumers: ['billing'] }],
    ['the rules', { ruleset: 'r2' }],
    ['the baselines', { baselines: [] }],
  ])('is told again when %s changed', (_, change) => {
    given(assessment, [assessed()])
      .when(record(change))
      .then([assessed(change)]);
  });

  it('is told again when it goes back to an earlier judgement', () => {
    given(assessment, [assessed(), assessed({ score: 10 })])
      .when(record())
      .then([assessed()]);
  });
});
