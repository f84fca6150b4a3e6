import type { Finding, Severity } from '@dsem/schema';
import type { Paint } from '../output/paint.js';
import { printable } from '../output/printable.js';

const labels: Record<Severity, (paint: Paint) => string> = {
  error: (paint) => paint.red('error  '),
  warning: (paint) => paint.yellow('warning'),
  info: (paint) => paint.cyan('info   '),
};

const consumerLines = ({ consumers = [] }: Finding): readonly string[] =>
  consumers.map(({ name, version, uses, lastSeen }) => {
    const seen = lastSeen === undefined ? '' : `, last seen ${lastSeen}`;
    return `         hits  ${printable(`${name}${version === undefined ? '' : ` ${version}`} (${uses}${seen})`)}`;
  });

const placeLine = ({ location }: Finding): readonly string[] => {
  if (location === undefined) return [];
  const { file, line, column } = location;
  return [`         at    ${printable([...(file === undefined ? [] : [file]), line, column].join(':'))}`];
};

/** Findings as a person reads them: what, why, whom, and the safe way. */
export const findingLines = (findings: readonly Finding[], paint: Paint): string =>
  findings
    .map((finding) => {
      const { severity, rule, message, why, fix } = finding;
      return [
        `${labels[severity](paint)}  ${printable(message)}  ${paint.dim(`[${rule}]`)}`,
        ...placeLine(finding),
        `         why   ${printable(why)}`,
        ...consumerLines(finding),
        `         fix   ${printable(fix)}`,
        '',
      ].join('\n');
    })
    .join('');
