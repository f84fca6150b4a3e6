import { ApiProblem, compatibilityReportSchema, type CompatibilityVerdict } from '@dsem/api';
import { digest, emptySchema } from '@dsem/schema';
import type { EnvironmentState } from '../environment/environment.js';
import { groupByDigest } from '../environment/holding.js';
import type { Orchestrator } from '../orchestrator.context.js';
import type { Assessed } from './known.js';
import type { MigrationCommand, MigrationState } from './migration.js';

type Asks = Pick<Orchestrator, 'validator'>;
type Draft = NonNullable<MigrationState['draft']>;
type RefusedPlan = Extract<MigrationCommand, { kind: 'refuse-plan' }>;
type Findings = RefusedPlan['findings'];

const isStrict = ({ policy }: EnvironmentState): boolean => policy.validation === 'strict';

/** The validator's word on the way from what an environment runs. @throws ApiProblem when it cannot be had */
const verdictAfter = async (
  { validator }: Asks,
  { subject, version }: Draft,
  from: string,
  fromVersion: string | undefined,
): Promise<CompatibilityVerdict> => {
  const query = new URLSearchParams({ schema: subject, version, from });
  if (fromVersion !== undefined) query.set('fromVersion', fromVersion);
  const found = await validator.now(`/api/v1/compatibility/verdict?${query.toString()}`).catch((error: unknown) => {
    if (!(error instanceof ApiProblem) || error.code !== 'DSEM-4001') throw error;
    throw new ApiProblem('DSEM-9002', `the validator cannot judge ${subject} ${version} yet`, { cause: error });
  });
  return compatibilityReportSchema.parse(found);
};

const refusal = (draft: Draft, mode: string, findings: Findings, where: readonly string[]): RefusedPlan => {
  const errors = findings.filter((finding) => finding.severity === 'error').map((finding) => finding.message);
  const consumers = new Set(findings.flatMap((finding) => finding.consumers?.map(({ name }) => name) ?? []));
  const used = consumers.size === 0 ? '' : ` Live consumers: ${[...consumers].sort().join(', ')}.`;
  const said = [...new Set(errors)].slice(0, 5).join(' ');
  const why = `${draft.subject} ${draft.version} is not ${mode} compatible: ${said}${used} Strict environments: ${where.join(', ')}`;
  return { kind: 'refuse-plan', code: 'DSEM-4006', why, findings };
};

/**
 * Why a version may not go to environments whose validation is strict: judged from what each of them runs, so that
 * neither what a version between broke is missed, nor what only such a version had is held against them. In transitive
 * modes every earlier version counts besides, as the version's own assessment has it.
 */
export const incompatible = async (
  orchestrator: Asks,
  assessed: Pick<Assessed, 'compatible' | 'findings'>,
  draft: Draft,
  states: readonly EnvironmentState[],
): Promise<RefusedPlan | undefined> => {
  const { subject, engine } = draft;
  const groups = new Map(groupByDigest(states.filter(isStrict), subject, engine));
  groups.delete(digest(emptySchema(engine)));
  const verdicts = await Promise.all(
    [...groups].map(async ([from, members]) => {
      const verdict = await verdictAfter(orchestrator, draft, from, members[0]?.revisions[subject]?.version);
      return { ...verdict, where: members.map(({ name }) => name) };
    }),
  );
  const broken = verdicts.filter(({ compatible }) => !compatible);
  if (broken[0] !== undefined) {
    const findings = broken.flatMap((each) => each.findings);
    return refusal(
      draft,
      broken[0].mode,
      findings,
      broken.flatMap(({ where }) => where),
    );
  }
  const transitive = verdicts.find(({ mode }) => mode.endsWith('-transitive'));
  if (transitive === undefined || assessed.compatible) return undefined;
  return refusal(
    draft,
    transitive.mode,
    assessed.findings,
    verdicts.flatMap(({ where }) => where),
  );
};
