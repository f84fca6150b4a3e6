import { modeOf, notFound, schemaRoutes, type Page, type SchemaResource, type SchemaVersion } from '@dsem/api';
import { handleCommand, loadState, type Handled } from '@dsem/event-store';
import { streams } from '@dsem/events';
import {
  assertMatch,
  etagOf,
  Input,
  numberedPageOf,
  pageOf,
  reply,
  Route,
  type Incoming,
  type Reply,
  type RequestContext,
} from '@dsem/service-host';
import { Controller, Inject } from '@nestjs/common';
import { ILike, MoreThan, LessThan } from 'typeorm';
import { REGISTRY, type Registry } from '../registry.context.js';
import { registerVersion, type Registered, type Registration } from './register.js';
import { neededBy } from './needed.js';
import { SchemaRow, VersionRow } from './subject.projection.js';
import { schemaOf, schemaOfRow, versionOf, versionOfRow } from './subject.resource.js';
import { subject, SubjectNotFound, type SubjectCommand, type SubjectState } from './subject.js';

type R = typeof schemaRoutes;

/** Subjects and their versions over REST. */
@Controller()
export class SubjectController {
  constructor(@Inject(REGISTRY) private readonly registry: Registry) {}

  @Route(schemaRoutes.registerSchema)
  async register(@Input() { body, context }: Incoming<R['registerSchema']>): Promise<Reply> {
    const { name, database, version, compatibility, ...rest } = body;
    const mode = compatibility === undefined ? {} : { compatibility: modeOf(compatibility) };
    const registration: Registration = { ...rest, ...mode, name, engine: database, declared: version };
    const handled = await registerVersion(this.registry, registration, context);
    return this.registered(handled, name);
  }

  private async registered(handled: Registered, name: string): Promise<Reply> {
    const event = handled.events.find((each) => each.type === 'VersionRegistered');
    const newest = handled.state.versions.at(-1)?.number ?? 0;
    const version = await this.versionByNumber(name, newest);
    const notes = handled.notes.map((note) => ({ ...note }));
    const body = { ...schemaOf(handled.state), version, created: event !== undefined, notes };
    const location = `/api/v1/schemas/${name}`;
    return reply(body, { status: event === undefined ? 200 : 201, etag: etagOf(handled.version), location });
  }

  @Route(schemaRoutes.listSchemas)
  async list(@Input() { query }: Incoming<R['listSchemas']>): Promise<Page<SchemaResource>> {
    const { limit, cursor, database, owner, search } = query;
    return pageOf({ limit, cursor }, async (after, take) => {
      const like = search === undefined ? [] : [{ name: ILike(`%${search.replace(/[\\%_]/g, '\\$&')}%`) }];
      const where = {
        archived: false,
        ...(after === undefined ? {} : { name: MoreThan(after) }),
        ...(database === undefined ? {} : { engine: database }),
        ...(owner === undefined ? {} : { owner }),
      };
      const query = this.registry.service.dataSource.getRepository(SchemaRow).createQueryBuilder('s').where(where);
      for (const each of like) query.andWhere(each);
      const rows = await query.orderBy('s.name').take(take).getMany();
      return rows.map((row) => ({ key: row.name, item: schemaOfRow(row) }));
    });
  }

  @Route(schemaRoutes.getSchema)
  async get(@Input() { params }: Incoming<R['getSchema']>): Promise<Reply<SchemaResource>> {
    const { state, version } = await this.load(params.id);
    return reply(schemaOf(state), { etag: etagOf(version) });
  }

  @Route(schemaRoutes.updateSchema)
  async update(
    @Input() { params, body, context, ifMatch }: Incoming<R['updateSchema']>,
  ): Promise<Reply<SchemaResource>> {
    const { state, version } = await this.live(params.id);
    assertMatch(ifMatch, etagOf(version));
    const { definition, version: declared, reason, ...rest } = body;
    const compatibility = rest.compatibility === undefined ? undefined : modeOf(rest.compatibility);
    const about = { ...rest, compatibility };
    // One command in either case: a definition that is refused leaves the description as it was.
    const handled =
      definition === undefined || state.engine === undefined
        ? await this.handle(params.id, { kind: 'describe', ...about }, context, version)
        : await registerVersion(
            this.registry,
            { ...about, name: params.id, engine: state.engine, definition, declared, reason, expectedVersion: version },
            context,
          );
    return reply(schemaOf(handled.state), { etag: etagOf(handled.version) });
  }

  @Route(schemaRoutes.deleteSchema)
  async remove(@Input() { params, context, ifMatch }: Incoming<R['deleteSchema']>): Promise<void> {
    const { state, version } = await this.live(params.id);
    assertMatch(ifMatch, etagOf(version));
    const needed = await neededBy(this.registry, state);
    await this.handle(params.id, { kind: 'archive', neededBy: needed }, context, version);
  }

  @Route(schemaRoutes.listVersions)
  async versions(@Input() { params, query }: Incoming<R['listVersions']>): Promise<Page<SchemaVersion>> {
    const { state } = await this.load(params.id);
    await this.caughtUp(params.id, state);
    return numberedPageOf(query, async (before, take) => {
      const where = { schema: params.id, ...(before === undefined ? {} : { number: LessThan(before) }) };
      const repository = this.registry.service.dataSource.getRepository(VersionRow);
      const rows = await repository.find({ where, order: { number: 'DESC' }, take });
      return rows.map((row) => ({ key: row.number, item: versionOfRow(row) }));
    });
  }

  @Route(schemaRoutes.getVersion)
  async version(@Input() { params }: Incoming<R['getVersion']>): Promise<SchemaVersion> {
    const { state } = await this.load(params.id);
    const number = state.versions.find((each) => each.version === params.version)?.number;
    if (number === undefined) throw notFound('version', `${params.id} ${params.version}`);
    return this.versionByNumber(params.id, number);
  }

  /** The subject, also when it is archived: its history stays readable. */
  private async load(name: string): Promise<{ state: SubjectState; version: number }> {
    const loaded = await loadState(this.registry.service.store, subject, streams.subject(name));
    if (!loaded.state.exists) throw new SubjectNotFound(`schema ${name} does not exist`);
    return loaded;
  }

  /** The subject, if it may be changed. */
  private async live(name: string): Promise<{ state: SubjectState; version: number }> {
    const loaded = await this.load(name);
    if (loaded.state.archived) throw new SubjectNotFound(`schema ${name} is archived`);
    return loaded;
  }

  private handle(
    name: string,
    command: SubjectCommand,
    metadata: RequestContext,
    expectedVersion: number,
  ): Promise<Handled<SubjectState>> {
    const { store } = this.registry.service;
    return handleCommand(store, subject, streams.subject(name), command, { metadata, expectedVersion });
  }

  /** The version as its event tells it: complete at once, without waiting for the read model. */
  private async versionByNumber(name: string, number: number): Promise<SchemaVersion> {
    const events = await this.registry.service.store.readStream(streams.subject(name));
    const version = events.map(versionOf).find((each) => each?.number === number);
    if (version === undefined) throw notFound('version', `${name} #${number}`);
    return version;
  }

  /** Lists answer from the read model; one that was just written to is waited for briefly. */
  private async caughtUp(name: string, state: SubjectState): Promise<void> {
    const repository = this.registry.service.dataSource.getRepository(VersionRow);
    for (let left = 20; left > 0; left--) {
      if ((await repository.countBy({ schema: name })) >= state.versions.length) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
