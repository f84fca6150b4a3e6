import {
  ApiProblem,
  compatibilityRoutes,
  modeOf,
  notFound,
  type Page,
  type RouteOutput,
  type ValidationReport,
} from '@dsem/api';
import type { CompatibilityReport } from '@dsem/compat';
import { authorize, Input, numberedPageOf, Route, type Incoming } from '@dsem/service-host';
import { Controller, Inject } from '@nestjs/common';
import { VALIDATOR, type Validator } from '../validator.context.js';
import { definitionOf, judge } from './judge.js';
import { judgeAfter } from './judge-after.js';
import { knownVersions, liveContracts } from './known.js';
import { matrixOf } from './matrix.js';
import { baselinesOf } from './modes.js';
import { preflightOf } from './preflight.js';
import { readTexts } from './read-texts.js';
import { ReportRow } from './report.projection.js';

type R = typeof compatibilityRoutes;
type Validate = Incoming<R['validateCompatibility']>['body'];
type Report = RouteOutput<R['validateCompatibility']>;

const reportOf = (report: CompatibilityReport): Report => JSON.parse(JSON.stringify(report)) as Report;

const resourceOf = (row: ReportRow): ValidationReport => {
  const { subject, version, digest, mode, compatible, backwardCompatible, forwardCompatible } = row.body;
  const { score, semver, findings, consumers } = row.body;
  const verdict = { mode, compatible, backwardCompatible, forwardCompatible, score, semver, findings, consumers };
  return { schema: subject, version, digest, ...verdict, assessed: row.assessed };
};

/** Verdicts over REST; nothing here changes anything. */
@Controller()
export class CompatibilityController {
  constructor(@Inject(VALIDATOR) private readonly validator: Validator) {}

  @Route(compatibilityRoutes.validateCompatibility)
  async validate(@Input() { body }: Incoming<R['validateCompatibility']>): Promise<Report> {
    if (body.schema !== undefined) return this.againstRegistered(body, body.schema);
    if (body.oldSchema === undefined)
      throw new ApiProblem('DSEM-1002', 'give oldSchema, or schema to judge against a registered one');
    const mode = body.compatibility === undefined ? 'backward' : modeOf(body.compatibility);
    const { oldSchema, newSchema } = body;
    const read = await readTexts(body.database, { oldSchema, newSchema });
    return reportOf(judge([read.oldSchema.schema], read.newSchema.schema, mode, [], read.newSchema.renamedFrom));
  }

  private async againstRegistered(body: Validate, schema: string): Promise<Report> {
    const { pool } = this.validator.service;
    const [newest] = await knownVersions(pool, schema, 1);
    if (newest === undefined) throw notFound('schema', schema);
    const mode = body.compatibility === undefined ? newest.mode : modeOf(body.compatibility);
    const engine = newest.engine as Validate['database'];
    const digests = baselinesOf(mode, [...newest.ancestors, newest.digest]);
    const { oldSchema, newSchema } = body;
    const from =
      oldSchema === undefined
        ? await Promise.all(digests.map((each) => definitionOf(this.validator, each)))
        : [(await readTexts(engine, { oldSchema })).oldSchema.schema];
    const to = (await readTexts(engine, { newSchema })).newSchema;
    return reportOf(judge(from, to.schema, mode, await liveContracts(pool, schema), to.renamedFrom));
  }

  @Route(compatibilityRoutes.compatibilityMatrix)
  async matrix(@Input() { query }: Incoming<R['compatibilityMatrix']>): Promise<RouteOutput<R['compatibilityMatrix']>> {
    return matrixOf(this.validator, query.schema, query.versions, query.mode);
  }

  @Route(compatibilityRoutes.compatibilityVerdict)
  async verdict(@Input() { query }: Incoming<R['compatibilityVerdict']>): Promise<Report> {
    const { pool } = this.validator.service;
    const [target] = await knownVersions(pool, query.schema, 1, query.version);
    if (target === undefined) throw notFound('version', `${query.schema} ${query.version}`);
    const held = { digest: query.from, version: query.fromVersion ?? null };
    return reportOf(await judgeAfter(this.validator, target, held, await liveContracts(pool, query.schema)));
  }

  @Route(compatibilityRoutes.preflight)
  async preflight(@Input() { body, principal }: Incoming<R['preflight']>): Promise<RouteOutput<R['preflight']>> {
    for (const environment of body.environments) authorize(principal, 'preflight:run', { environment });
    return preflightOf(this.validator, body.schema, body.version, body.environments);
  }

  @Route(compatibilityRoutes.listReports)
  async reports(@Input() { query }: Incoming<R['listReports']>): Promise<Page<ValidationReport>> {
    const repository = this.validator.service.dataSource.getRepository(ReportRow);
    return numberedPageOf(query, async (before, take) => {
      const rows = repository.createQueryBuilder('r').orderBy('r.position', 'DESC').take(take);
      if (before !== undefined) rows.andWhere('r.position < :before', { before });
      if (query.schema !== undefined) rows.andWhere('r.schema = :schema', { schema: query.schema });
      if (query.version !== undefined) rows.andWhere('r.version = :version', { version: query.version });
      if (query.compatible !== undefined) rows.andWhere('r.compatible = :yes', { yes: query.compatible === 'true' });
      return (await rows.getMany()).map((row) => ({ key: row.position, item: resourceOf(row) }));
    });
  }
}
