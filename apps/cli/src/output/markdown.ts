import type { Finding } from '@dsem/schema';

/** A table cell: no line ends, no columns of its own, no markup from names. */
const cell = (text: string): string => text.replace(/[\\|`*_<>[\]]/gu, '\\$&').replace(/\s+/gu, ' ');

const consumersOf = ({ consumers = [] }: Finding): string => consumers.map(({ name }) => name).join(', ');

/** A table for a pull request: what breaks, who, and how to fix it. */
export const markdown = (findings: readonly Finding[], title: string): string => {
  if (findings.length === 0) return `### ${title}\n\nNo findings.\n`;
  const rows = findings.map((finding) => {
    const { severity, rule, object, message, fix } = finding;
    return `| ${[severity, rule, object, message, consumersOf(finding), fix].map(cell).join(' | ')} |`;
  });
  const head = ['| Severity | Rule | Object | What | Who | Fix |', '| --- | --- | --- | --- | --- | --- |'];
  return [`### ${title}`, '', ...head, ...rows, ''].join('\n');
};
