import type { Finding, Severity } from '@dsem/schema';

const levels: Record<Severity, 'error' | 'warning' | 'note'> = { error: 'error', warning: 'warning', info: 'note' };

const ruleOf = ({ rule, why, fix, docs, hazard }: Finding): object => ({
  id: rule,
  shortDescription: { text: rule },
  fullDescription: { text: why },
  help: { text: fix },
  ...(docs !== undefined && { helpUri: docs }),
  properties: { tags: [hazard] },
});

const placeOf = ({ object, location }: Finding): object => ({
  logicalLocations: [{ fullyQualifiedName: object }],
  ...(location?.file !== undefined && {
    physicalLocation: {
      artifactLocation: { uri: location.file },
      region: { startLine: location.line, startColumn: location.column },
    },
  }),
});

/** SARIF 2.1.0 for code scanning. */
export const sarif = (findings: readonly Finding[], version: string): object => {
  const rules = [...new Map(findings.map((finding) => [finding.rule, finding])).values()];
  const results = findings.map((finding) => ({
    ruleId: finding.rule,
    ruleIndex: rules.findIndex(({ rule }) => rule === finding.rule),
    level: levels[finding.severity],
    message: { text: `${finding.message} Fix: ${finding.fix}` },
    locations: [placeOf(finding)],
  }));
  const driver = { name: 'dsem', version, rules: rules.map(ruleOf) };
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver }, columnKind: 'unicodeCodePoints', results }],
  };
};
