import type { CompatibilityReport } from '@dsem/compat';
import type { Paint } from '../output/paint.js';
import { findingLines } from './findings.js';

type Told = Pick<CompatibilityReport, 'mode' | 'compatible' | 'score' | 'semver' | 'findings'>;

/** The verdict first, then what it rests on. */
export const checkText = ({ mode, compatible, score, semver, findings }: Told, paint: Paint): string => {
  const verdict = compatible ? paint.green('compatible') : paint.red('INCOMPATIBLE');
  const head = `${paint.bold(verdict)} (${mode}), score ${score} of 100, next version: ${semver}\n`;
  return findings.length === 0 ? head : `${head}\n${findingLines(findings, paint)}`;
};
