import {
  ApiProblem,
  migrationRoutes,
  notFound,
  type MigrationProgress,
  type MigrationResource,
  type Page,
  type RouteOutput,
} from '@dsem/api';
import { environmentsOf, type Principal } from '@dsem/authz';
import { handleCommand } from '@dsem/event-store';
import { streams } from '@dsem/events';
import { Input, numberedPageOf, reply, Route, type Incoming, type Reply } from '@dsem/service-host';
import { Controller, Inject } from '@nestjs/common';
import { allowIn, allowInEach, allowToRead } from '../environment/allow.js';
import { ORCHESTRATOR, type Orchestrator } from '../orchestrator.context.js';
import { startRollout } from '../rollout/start.js';
import { createMigration } from './create.js';
import { migration, type MigrationCommand } from './migration.js';
import { MigrationRow } from './migration.projection.js';
import { readMigration, tellProgress } from './migration.store.js';
import { migrationOf, type MigrationView } from './migration.view.js';
import { environmentsOfPlan, getPlan } from './plan.store.js';
import { planMigration, refusalCode, signerOf } from './planning.js';

type R = typeof migrationRoutes;
type Asked = Pick<Incoming<R['approveMigration']>, 'context' | 'principal'>;

const active = ['running', 'paused', 'halted', 'rolling-back', 'needs-decision'];

/** Migrations over REST: made, planned, approved, started. */
@Controller()
export class MigrationController {
  constructor(@Inject(ORCHESTRATOR) private readonly orchestrator: Orchestrator) {}

  @Route(migrationRoutes.createMigration)
  async create(@Input() input: Incoming<R['createMigration']>): Promise<Reply<MigrationResource>> {
    const { body, context, principal } = input;
    await allowInEach(this.orchestrator, principal, 'migration:create', body.environments);
    const { state } = await createMigration(this.orchestrator, body, context);
    const id = state.draft?.migration ?? '';
    const resource = migrationOf(await readMigration(this.orchestrator, id));
    const { refusal } = resource;
    const location = `/api/v1/migrations/${id}`;
    if (refusal === undefined) return reply(resource, { status: 201, location });
    throw new ApiProblem(refusalCode(refusal.code), refusal.why, {
      extra: { instance: location, findings: refusal.findings },
    });
  }

  @Route(migrationRoutes.listMigrations)
  async list(@Input() { query, principal }: Incoming<R['listMigrations']>): Promise<Page<MigrationResource>> {
    const mine = environmentsOf(principal, 'migration:read');
    return numberedPageOf(query, async (before, take) => {
      const repository = this.orchestrator.service.dataSource.getRepository(MigrationRow);
      const rows = repository.createQueryBuilder('m').orderBy('m.position', 'DESC').take(take);
      if (before !== undefined) rows.andWhere('m.position < :before', { before });
      if (mine !== undefined) rows.andWhere('m.environments && :mine', { mine });
      if (query.schema !== undefined) rows.andWhere('m.schema = :schema', { schema: query.schema });
      if (query.status !== undefined) rows.andWhere('m.status = :status', { status: query.status });
      if (query.environment !== undefined) rows.andWhere(':e = ANY (m.environments)', { e: query.environment });
      return (await rows.getMany()).map((row) => ({ key: row.position, item: this.ofRow(row) }));
    });
  }

  private ofRow({ state, rollout, author, created }: MigrationRow): MigrationResource {
    return migrationOf({ state, rollout: rollout ?? undefined, author, created });
  }

  @Route(migrationRoutes.migrationsStatus)
  async statusOfAll(
    @Input() { principal }: Incoming<R['migrationsStatus']>,
  ): Promise<RouteOutput<R['migrationsStatus']>> {
    const { pool, dataSource } = this.orchestrator.service;
    const mine = environmentsOf(principal, 'migration:read');
    const count = `SELECT status, count(*)::int AS n FROM migrations WHERE $1::text[] IS NULL OR environments && $1
      GROUP BY status ORDER BY status`;
    const { rows } = await pool.query<{ status: string; n: number }>(count, [mine ?? null]);
    const repository = dataSource.getRepository(MigrationRow).createQueryBuilder('m');
    const running = repository.where('m.status IN (:...active)', { active }).orderBy('m.position', 'DESC').take(100);
    if (mine !== undefined) running.andWhere('m.environments && :mine', { mine });
    const views = (await running.getMany()).map(({ state, rollout, author, created }) =>
      tellProgress(this.orchestrator, { state, rollout: rollout ?? undefined, author, created }, principal),
    );
    return { counts: Object.fromEntries(rows.map((row) => [row.status, row.n])), active: await Promise.all(views) };
  }

  @Route(migrationRoutes.getMigration)
  async get(@Input() { params, principal }: Incoming<R['getMigration']>): Promise<MigrationResource> {
    return migrationOf(await this.readable(params.id, principal));
  }

  @Route(migrationRoutes.migrationStatus)
  async status(@Input() { params, principal }: Incoming<R['migrationStatus']>): Promise<MigrationProgress> {
    await this.readable(params.id, principal);
    return this.progress(params.id, principal);
  }

  @Route(migrationRoutes.getPlan)
  async plan(@Input() { params, principal }: Incoming<R['getPlan']>): Promise<Reply<RouteOutput<R['getPlan']>>> {
    const { pool } = this.orchestrator.service;
    const found = await getPlan(pool, params.hash);
    if (found === undefined) throw notFound('plan', params.hash);
    if (environmentsOf(principal, 'migration:read') !== undefined)
      allowToRead(principal, await environmentsOfPlan(pool, params.hash));
    const headers = { 'cache-control': 'private, max-age=31536000, immutable' };
    return reply({ ...found }, { etag: params.hash, headers });
  }

  @Route(migrationRoutes.replanMigration)
  async replan(@Input() { params, context, principal }: Incoming<R['replanMigration']>): Promise<MigrationProgress> {
    await allowIn(this.orchestrator, principal, 'migration:execute', params.id);
    await planMigration(this.orchestrator, params.id, context);
    return this.progress(params.id, principal);
  }

  @Route(migrationRoutes.approveMigration)
  async approve(@Input() input: Incoming<R['approveMigration']>): Promise<MigrationProgress> {
    const { params, body, context, principal } = input;
    await allowIn(this.orchestrator, principal, 'migration:approve', params.id);
    const { state, author } = await readMigration(this.orchestrator, params.id);
    if (state.draft === undefined) throw notFound('migration', params.id);
    const sign = signerOf(this.orchestrator, state.draft);
    const who = { approver: context.actor, roles: principal.roles, author };
    return this.handle(params.id, { kind: 'approve', ...who, ...body, sign }, input);
  }

  @Route(migrationRoutes.rejectMigration)
  async reject(@Input() input: Incoming<R['rejectMigration']>): Promise<MigrationProgress> {
    const { params, body, context, principal } = input;
    await allowIn(this.orchestrator, principal, 'migration:approve', params.id);
    return this.handle(params.id, { kind: 'reject', by: context.actor, why: body.why }, input);
  }

  @Route(migrationRoutes.executeMigration)
  async execute(
    @Input() { params, body, context, principal }: Incoming<R['executeMigration']>,
  ): Promise<MigrationProgress> {
    await allowIn(this.orchestrator, principal, 'migration:execute', params.id);
    await startRollout(this.orchestrator, params.id, body, context);
    return this.progress(params.id, principal);
  }

  /** The migration, if the caller may read it in one of its environments. */
  private async readable(id: string, principal: Principal): Promise<MigrationView> {
    const view = await readMigration(this.orchestrator, id);
    allowToRead(principal, view.state.draft?.environments ?? []);
    return view;
  }

  private async handle(
    id: string,
    command: MigrationCommand,
    { context: metadata, principal }: Asked,
  ): Promise<MigrationProgress> {
    await handleCommand(this.orchestrator.service.store, migration, streams.migration(id), command, { metadata });
    return this.progress(id, principal);
  }

  private async progress(id: string, principal: Principal): Promise<MigrationProgress> {
    return tellProgress(this.orchestrator, await readMigration(this.orchestrator, id), principal);
  }
}
