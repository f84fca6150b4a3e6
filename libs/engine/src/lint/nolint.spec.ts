import type { Finding } from '@dsem/schema';
import type { LintRule } from './contract.js';
import { type Comment, type Span, withoutSilenced } from './nolint.js';
import { atLeast, milder, severityOf } from './severity.js';

const ruleOf = (id: string): LintRule => ({
  id,
  title: 'Something is seen',
  severity: 'error',
  hazard: 'lock',
  why: 'Because.',
  fix: 'Do not.',
});
const rules = [ruleOf('a-rule'), ruleOf('b-rule')];

const findingAt = (line: number, statement: number, rule = 'a-rule'): Finding => ({
  rule,
  severity: 'error',
  hazard: 'lock',
  object: 'x',
  message: 'Seen.',
  why: 'Because.',
  fix: 'Do not.',
  location: { line, column: 1 },
  statement,
});
const comment = (line: number, text: string, alone = true): Comment => ({ text, location: { line, column: 1 }, alone });

/** Statement 0 stands on lines 3 to 5, statement 1 on line 9. */
const spans: readonly Span[] = [
  { statement: 0, from: 3, to: 5 },
  { statement: 1, from: 9, to: 9 },
];
const findings = [findingAt(3, 0), findingAt(4, 0), findingAt(9, 1), findingAt(9, 1, 'b-rule')];

const left = (...comments: readonly Comment[]): readonly string[] =>
  withoutSilenced(findings, comments, spans, rules).map(({ rule, location }) => `${rule}@${location?.line}`);

const all = ['a-rule@3', 'a-rule@4', 'a-rule@9', 'b-rule@9'];

describe('a nolint comment', () => {
  it.each<readonly [string, Comment, readonly string[]]>([
    ['before a statement is about all of it', comment(2, ' dsem: nolint a-rule agreed'), ['a-rule@9', 'b-rule@9']],
    [
      'behind a line is about that line',
      comment(4, ' dsem: nolint a-rule agreed', false),
      ['a-rule@3', 'a-rule@9', 'b-rule@9'],
    ],
    [
      'on the only line of a statement',
      comment(9, ' dsem: nolint a-rule agreed', false),
      ['a-rule@3', 'a-rule@4', 'b-rule@9'],
    ],
    ['of several rules', comment(8, ' dsem: nolint a-rule, b-rule agreed'), ['a-rule@3', 'a-rule@4']],
    ['for the file', comment(12, ' dsem: nolint-file a-rule agreed'), ['b-rule@9']],
    [
      'with a colon before the reason',
      comment(8, ' DSEM: nolint a-rule: agreed'),
      ['a-rule@3', 'a-rule@4', 'b-rule@9'],
    ],
    ['of another rule', comment(2, ' dsem: nolint b-rule agreed'), all],
    ['far away', comment(12, ' dsem: nolint a-rule agreed'), all],
    ['that is none', comment(2, ' dsem says nolint a-rule agreed'), all],
    ['without a reason has no effect', comment(2, ' dsem: nolint a-rule'), [...all, 'nolint-without-reason@2']],
    ['without anything has no effect', comment(2, ' dsem: nolint'), [...all, 'nolint-without-reason@2']],
    ['of an unknown rule is told', comment(2, ' dsem: nolint c-rule agreed'), [...all, 'nolint-unknown-rule@2']],
  ])('%s', (_name, one, expected) => {
    expect(left(one)).toEqual(expected);
  });

  it('may stand above another', () => {
    expect(left(comment(7, ' dsem: nolint a-rule agreed'), comment(8, ' dsem: nolint b-rule agreed'))).toEqual([
      'a-rule@3',
      'a-rule@4',
    ]);
  });

  it('is judged with the severity that somebody asked for', () => {
    const bare = [comment(2, 'dsem: nolint a-rule')];
    const severity = (asked: 'off' | 'info'): readonly string[] =>
      withoutSilenced([], bare, spans, rules, { 'nolint-without-reason': asked }).map((one) => one.severity);
    expect([severity('off'), severity('info')]).toEqual([[], ['info']]);
  });
});

describe('severities', () => {
  it('are compared, and those asked for come first', () => {
    expect([milder('error', 'info'), milder('warning', 'error')]).toEqual(['info', 'warning']);
    expect([atLeast('error', 'warning'), atLeast('warning', 'warning'), atLeast('info', 'warning')]).toEqual([
      true,
      true,
      false,
    ]);
    const quiet = { ...ruleOf('q'), optional: true } as const;
    expect([severityOf(quiet), severityOf(quiet, { q: 'info' }), severityOf(ruleOf('a'), { a: 'off' })]).toEqual([
      'off',
      'info',
      'off',
    ]);
    expect(severityOf(ruleOf('constructor'), {})).toBe('error');
  });
});
