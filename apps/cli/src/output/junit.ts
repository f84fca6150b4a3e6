import type { Finding } from '@dsem/schema';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};
/** XML 1.0 has no way to write these. */
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/gu;

const xml = (text: string): string =>
  text.replace(forbidden, '\ufffd').replace(/[&<>"']/gu, (char) => entities[char] ?? char);

const testCase = (suite: string, { rule, severity, object, message, why, fix }: Finding): string => {
  const head = `    <testcase classname="${xml(suite)}.${xml(rule)}" name="${xml(object)}"`;
  const body = xml(`${why}\nFix: ${fix}`);
  if (severity === 'info') return `${head}>\n      <system-out>${xml(message)}\n${body}</system-out>\n    </testcase>`;
  return `${head}>\n      <failure type="${severity}" message="${xml(message)}">${body}</failure>\n    </testcase>`;
};

/** JUnit XML: a finding is a failed test case; nothing found is one passed case. */
export const junit = (findings: readonly Finding[], suite: string): string => {
  const failures = findings.filter(({ severity }) => severity !== 'info').length;
  const cases =
    findings.length === 0
      ? [`    <testcase classname="${xml(suite)}" name="no findings"/>`]
      : findings.map((finding) => testCase(suite, finding));
  const counts = `tests="${cases.length}" failures="${failures}" errors="0"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="dsem" ${counts}>`,
    `  <testsuite name="${xml(suite)}" ${counts}>`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
};
