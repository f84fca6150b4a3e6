import { notFound, type compatibilityRoutes, type RouteOutput } from '@dsem/api';
import type { CompatibilityReport, ConsumerContract } from '@dsem/compat';
import type { Validator } from '../validator.context.js';
import { judgeAfter } from './judge-after.js';
import { knownEnvironments, knownVersions, liveContracts, type KnownEnvironment, type KnownVersion } from './known.js';

type Preflight = RouteOutput<(typeof compatibilityRoutes)['preflight']>;
type OfEnvironment = Preflight['environments'][number];

const absent = (environment: string): OfEnvironment => ({
  environment,
  ready: false,
  validation: 'strict',
  compatible: false,
  score: 0,
  findings: [],
  reasons: [`there is no environment ${environment}`],
});

const verdict = (environment: KnownEnvironment, report: CompatibilityReport): OfEnvironment => {
  const refused = !report.compatible && environment.validation === 'strict';
  return {
    environment: environment.name,
    ready: !refused,
    ...(environment.version === null ? {} : { fromVersion: environment.version }),
    validation: environment.validation,
    compatible: report.compatible,
    score: report.score,
    findings: JSON.parse(JSON.stringify(report.findings)) as OfEnvironment['findings'],
    reasons: refused ? report.findings.filter((f) => f.severity === 'error').map((f) => f.message) : [],
  };
};

const check = async (
  validator: Validator,
  target: KnownVersion,
  contracts: readonly ConsumerContract[],
  environment: KnownEnvironment,
): Promise<OfEnvironment> => verdict(environment, await judgeAfter(validator, target, environment, contracts));

/** Whether a version may go to environments, judged against what each of them runs now. */
export const preflightOf = async (
  validator: Validator,
  schema: string,
  version: string | undefined,
  names: readonly string[],
): Promise<Preflight> => {
  const { pool } = validator.service;
  const [target] = await knownVersions(pool, schema, 1, version);
  if (target === undefined) throw notFound('version', `${schema} ${version ?? ''}`.trim());
  const known = new Map((await knownEnvironments(pool, schema, names)).map((each) => [each.name, each]));
  const contracts = await liveContracts(pool, schema);
  const environments = await Promise.all(
    [...new Set(names)].map(async (name) => {
      const environment = known.get(name);
      return environment === undefined ? absent(name) : check(validator, target, contracts, environment);
    }),
  );
  return { schema, version: target.version, ready: environments.every((each) => each.ready), environments };
};
