import { environmentRoutes, type Action, type EnvironmentResource, type Page, type RouteOutput } from '@dsem/api';
import type { Principal } from '@dsem/authz';
import { dialectFor } from '@dsem/catalogue';
import { handleCommand, loadState, type Handled } from '@dsem/event-store';
import { streams } from '@dsem/events';
import {
  assertMatch,
  authorize,
  etagOf,
  Input,
  pageOf,
  reply,
  Route,
  type Incoming,
  type Reply,
  type RequestContext,
} from '@dsem/service-host';
import { Controller, Inject } from '@nestjs/common';
import { createMigration } from '../migration/create.js';
import { ORCHESTRATOR, type Orchestrator } from '../orchestrator.context.js';
import { allowInEach } from './allow.js';
import { healthOfEnvironment } from './environment.health.js';
import { EnvironmentRow } from './environment.projection.js';
import { addedLoosely, loosens } from './loosen.js';
import { environmentOf } from './environment.resource.js';
import { neededBy } from './needed.js';
import {
  defaultPolicy,
  environment,
  EnvironmentNotFound,
  type EnvironmentCommand,
  type EnvironmentState,
} from './environment.js';

type R = typeof environmentRoutes;

/** Named targets over REST. */
@Controller()
export class EnvironmentController {
  constructor(@Inject(ORCHESTRATOR) private readonly orchestrator: Orchestrator) {}

  @Route(environmentRoutes.addEnvironment)
  async add(@Input() input: Incoming<R['addEnvironment']>): Promise<Reply<EnvironmentResource>> {
    const { body, context, principal } = input;
    const { name, type, database, region, labels, policy } = body;
    const full = { ...defaultPolicy(type), ...policy };
    const { state: before } = await loadState(this.orchestrator.service.store, environment, streams.environment(name));
    authorize(principal, 'environment:add', { environment: name, ...addedLoosely(before, type, full) });
    // No migration could ever be planned for an engine that nobody here speaks.
    dialectFor(database);
    const added = {
      environment: name,
      type,
      engine: database,
      ...(region === undefined ? {} : { region }),
      ...(labels === undefined ? {} : { labels }),
      policy: full,
    };
    const handled = await this.handle(name, { kind: 'add', environment: added }, context);
    const location = `/api/v1/environments/${name}`;
    return reply(environmentOf(handled.state, {}), { status: 201, etag: etagOf(handled.version), location });
  }

  @Route(environmentRoutes.listEnvironments)
  async list(@Input() { query, principal }: Incoming<R['listEnvironments']>): Promise<Page<EnvironmentResource>> {
    const { environments: mine } = principal;
    return pageOf(query, async (after, take) => {
      const repository = this.orchestrator.service.dataSource.getRepository(EnvironmentRow);
      const rows = repository.createQueryBuilder('e').where('NOT e.retired').orderBy('e.name').take(take);
      if (after !== undefined) rows.andWhere('e.name > :after', { after });
      if (mine !== undefined) rows.andWhere('e.name = ANY (:mine)', { mine: [...mine] });
      if (query.type !== undefined) rows.andWhere('e.type = :type', { type: query.type });
      if (query.region !== undefined) rows.andWhere('e.region = :region', { region: query.region });
      return (await rows.getMany()).map((row) => ({ key: row.name, item: environmentOf(row.state, row.recorded) }));
    });
  }

  @Route(environmentRoutes.getEnvironment)
  async get(@Input() { params, principal }: Incoming<R['getEnvironment']>): Promise<Reply<EnvironmentResource>> {
    const { state, version } = await this.load(params.id, principal, 'environment:read');
    return reply(environmentOf(state, await this.recorded(params.id)), { etag: etagOf(version) });
  }

  @Route(environmentRoutes.changeEnvironmentPolicy)
  async change(
    @Input() { params, body, context, principal, ifMatch }: Incoming<R['changeEnvironmentPolicy']>,
  ): Promise<Reply<EnvironmentResource>> {
    const { state, version } = await this.load(params.id, principal, 'environment:change');
    assertMatch(ifMatch, etagOf(version));
    const policy = { ...state.policy, ...body.policy };
    const change = { environment: params.id, environmentType: state.type, loosens: loosens(state.policy, policy) };
    authorize(principal, 'environment:change', change);
    const command = { kind: 'change-policy', policy, reason: body.reason } as const;
    const handled = await this.handle(params.id, command, context, version);
    return reply(environmentOf(handled.state, await this.recorded(params.id)), { etag: etagOf(handled.version) });
  }

  @Route(environmentRoutes.retireEnvironment)
  async retire(@Input() input: Incoming<R['retireEnvironment']>): Promise<void> {
    const { params, query, context, principal, ifMatch } = input;
    const { state, version } = await this.load(params.id, principal, 'environment:retire');
    const { force = false, reason } = query;
    authorize(principal, 'environment:retire', { environment: params.id, environmentType: state.type, forced: force });
    assertMatch(ifMatch, etagOf(version));
    const needed = await neededBy(this.orchestrator, state);
    await this.handle(params.id, { kind: 'retire', neededBy: needed, force, reason }, context, version);
  }

  @Route(environmentRoutes.syncEnvironment)
  async sync(
    @Input() { params, body, context, principal }: Incoming<R['syncEnvironment']>,
  ): Promise<RouteOutput<R['syncEnvironment']>> {
    await this.load(params.id, principal, 'environment:sync');
    const { schema, version } = body;
    const request = { schema, version, environments: [params.id], style: 'online' as const };
    const { state } = await createMigration(this.orchestrator, { ...request, reason: 'sync' }, context);
    const made = { version: state.draft?.version ?? '', migration: state.draft?.migration ?? '' };
    await this.handle(params.id, { kind: 'request-sync', subject: schema, ...made }, context);
    return { environment: params.id, schema, ...made };
  }

  @Route(environmentRoutes.closeBreaker)
  async closeBreaker(@Input() input: Incoming<R['closeBreaker']>): Promise<EnvironmentResource> {
    const { params, body, context, principal } = input;
    await this.load(params.id, principal, 'breaker:manage');
    const handled = await this.handle(params.id, { kind: 'close-breaker', reason: body.reason }, context);
    // An earlier try has closed it, and it may have opened again since.
    if (handled.repeated === undefined) this.orchestrator.breakers.close(params.id);
    return environmentOf(handled.state, await this.recorded(params.id));
  }

  @Route(environmentRoutes.environmentHealth)
  async health(@Input() input: Incoming<R['environmentHealth']>): Promise<RouteOutput<R['environmentHealth']>> {
    const { params, principal } = input;
    const { state } = await this.load(params.id, principal, 'environment:read');
    return healthOfEnvironment(this.orchestrator, state, await this.recorded(params.id));
  }

  /** The environment, if the caller may do that to it; who may not does not learn whether it exists. */
  private async load(
    name: string,
    principal: Principal,
    action: Action,
  ): Promise<{ state: EnvironmentState; version: number }> {
    const loaded = await loadState(this.orchestrator.service.store, environment, streams.environment(name));
    await allowInEach(this.orchestrator, principal, action, [name]);
    if (!loaded.state.exists || loaded.state.retired)
      throw new EnvironmentNotFound(`environment ${name} does not exist`);
    return loaded;
  }

  private handle(
    name: string,
    command: EnvironmentCommand,
    metadata: RequestContext,
    expectedVersion?: number,
  ): Promise<Handled<EnvironmentState>> {
    const expected = expectedVersion === undefined ? {} : { expectedVersion };
    const { store } = this.orchestrator.service;
    return handleCommand(store, environment, streams.environment(name), command, { metadata, ...expected });
  }

  private async recorded(name: string): Promise<Readonly<Record<string, string>>> {
    const row = await this.orchestrator.service.dataSource.getRepository(EnvironmentRow).findOneBy({ name });
    return row?.recorded ?? {};
  }
}
