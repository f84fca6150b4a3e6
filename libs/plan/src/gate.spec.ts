import type { Finding, Severity } from '@dsem/schema';
import { blockingFindings, judge } from './gate.js';

const finding = (severity: Severity): Finding => ({
  rule: 'drop-column',
  severity,
  hazard: 'data-loss',
  object: 'public.t.a',
  message: 'gone',
  why: 'gone',
  fix: 'keep it',
});

describe('the gate', () => {
  it.each([
    ['development', ['tells', 'tells', 'tells']],
    ['staging', ['asks', 'tells', 'tells']],
    ['production', ['blocks', 'asks', 'tells']],
    ['disaster-recovery', ['blocks', 'asks', 'tells']],
  ] as const)('%s judges error, warning and info', (environment, judgements) => {
    expect((['error', 'warning', 'info'] as const).map((one) => judge(finding(one), environment))).toEqual(judgements);
  });

  it('lists what stops a plan', () => {
    const findings = [finding('error'), finding('warning')];
    expect(blockingFindings({ findings }, 'production')).toEqual([findings[0]]);
    expect(blockingFindings({ findings }, 'development')).toEqual([]);
  });
});
