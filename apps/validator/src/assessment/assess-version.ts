import { handleCommand, type EventMetadata, type PostgresTransaction } from '@dsem/event-store';
import { streams } from '@dsem/events';
import type { EngineName } from '@dsem/schema';
import type { Validator } from '../validator.context.js';
import { assessment, type AssessmentResult } from './assessment.js';
import { judgeDigests } from './judge.js';
import { liveContracts, type KnownVersion } from './known.js';
import { baselinesOf } from './modes.js';

const resultOf = async (
  validator: Validator,
  version: KnownVersion,
  client: PostgresTransaction,
): Promise<AssessmentResult> => {
  const { schema, mode, digest, ancestors, renamedFrom } = version;
  const baselines = baselinesOf(mode, ancestors);
  const consumers = await liveContracts(client, schema);
  const report = await judgeDigests(validator, baselines, digest, mode, consumers, renamedFrom);
  const names = report.findings.flatMap((finding) => finding.consumers?.map((consumer) => consumer.name) ?? []);
  return {
    subject: schema,
    engine: version.engine as EngineName,
    version: version.version,
    digest,
    baselines: [...baselines],
    mode,
    compatible: report.compatible,
    backwardCompatible: report.backwardCompatible,
    forwardCompatible: report.forwardCompatible,
    score: report.score,
    semver: report.semver,
    findings: JSON.parse(JSON.stringify(report.findings)) as AssessmentResult['findings'],
    consumers: [...new Set(names)].sort(),
    ruleset: report.ruleset,
  };
};

/** Judges a registered version with the consumers known now; tells only when the judgement is new. */
export const assessVersion = async (
  validator: Validator,
  version: KnownVersion,
  metadata: EventMetadata,
  client: PostgresTransaction,
): Promise<void> => {
  const result = await resultOf(validator, version, client);
  const stream = streams.assessment(version.schema, version.version);
  await handleCommand(validator.service.store, assessment, stream, { kind: 'record', result }, { metadata });
};
