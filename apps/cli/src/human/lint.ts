import type { Finding, Severity } from '@dsem/schema';
import type { LintAnswer, ListedRule } from '../answers/lint.js';
import type { Paint } from '../output/paint.js';
import { count, table } from '../output/table.js';
import { findingLines } from './findings.js';

const nouns: readonly (readonly [Severity, string])[] = [
  ['error', 'error'],
  ['warning', 'warning'],
  ['info', 'note'],
];

const counts = (findings: readonly Finding[]): string =>
  nouns
    .map(([severity, noun]) => [findings.filter((each) => each.severity === severity).length, noun] as const)
    .filter(([n]) => n > 0)
    .map(([n, noun]) => count(n, noun))
    .join(', ');

/** Findings by their place, then how many there are. */
export const lintText = ({ statements, findings }: LintAnswer, scripts: number, paint: Paint): string => {
  const of = `${count(statements.length, 'statement')} of ${count(scripts, 'script')}`;
  if (findings.length === 0) return `No findings in ${of}.\n`;
  return `${findingLines(findings, paint)}${counts(findings)} in ${of}\n`;
};

/** The rules with what they say now. */
export const rulesText = (rules: readonly ListedRule[]): string =>
  table(
    ['RULE', 'SEVERITY', 'TITLE'],
    rules.map(({ id, severity, title }) => [id, severity, title]),
  );
