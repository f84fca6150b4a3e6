import type { Finding, Severity } from '@dsem/schema';

const commands: Record<Severity, string> = { error: 'error', warning: 'warning', info: 'notice' };

const data = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

const annotation = ({ severity, rule, object, message, fix, location }: Finding): string => {
  const place = location?.file === undefined ? [] : [`file=${property(location.file)}`];
  const at = location === undefined ? [] : [`line=${location.line}`, `col=${location.column}`];
  const properties = [...place, ...at, `title=${property(rule)}`].join(',');
  return `::${commands[severity]} ${properties}::${data(`${object}: ${message} Fix: ${fix}`)}\n`;
};

/** Workflow commands: GitHub shows each finding beside the line it is about. */
export const github = (findings: readonly Finding[]): string => findings.map(annotation).join('');
