import { keyRoutes, notFound, type ApiKey, type Page } from '@dsem/api';
import { actionsOf } from '@dsem/authz';
import { assertReach } from './reach.js';
import {
  assertMatch,
  authorize,
  etagOf,
  Input,
  pageOf,
  reply,
  Route,
  type Answer,
  type Incoming,
  type Reply,
} from '@dsem/service-host';
import { Controller, Inject } from '@nestjs/common';
import { GATEWAY, type Gateway } from '../gateway.context.js';
import { issueKey, revokeKey, rotateKey, type NewSecret } from './key-commands.js';
import type { KnownKey } from './key-directory.js';
import { KeyRow } from './key.projection.js';

type R = typeof keyRoutes;

const resourceOf = (id: string, { state, issued, revokedAt }: KnownKey, lastUsed?: string): ApiKey => ({
  id,
  name: state.name,
  kind: state.kind,
  roles: [...state.roles],
  ...(state.scopes === undefined ? {} : { scopes: [...state.scopes] }),
  ...(state.environments === undefined ? {} : { environments: [...state.environments] }),
  issued,
  expires: state.expires,
  ...(revokedAt === undefined ? {} : { revoked: revokedAt }),
  ...(lastUsed === undefined ? {} : { lastUsed }),
});

const itemOf = (row: KeyRow, lastUsed?: string): ApiKey => ({
  id: row.id,
  name: row.name,
  kind: row.kind,
  roles: row.roles,
  ...(row.scopes === null ? {} : { scopes: row.scopes }),
  ...(row.environments === null ? {} : { environments: row.environments }),
  issued: row.issued.toISOString(),
  expires: row.expires.toISOString(),
  ...(row.revoked === null ? {} : { revoked: row.revoked.toISOString() }),
  ...(lastUsed === undefined ? {} : { lastUsed }),
});

/** API keys, and the caller's own identity. */
@Controller()
export class KeyController {
  constructor(@Inject(GATEWAY) private readonly gateway: Gateway) {}

  @Route(keyRoutes.issueKey)
  async issue(@Input() { body, context, principal }: Incoming<R['issueKey']>): Promise<Reply<Answer<R['issueKey']>>> {
    assertReach(principal, 'key:issue', body);
    const issued = await issueKey(this.gateway, body, context);
    return this.shown(issued, context.tenant, 201);
  }

  @Route(keyRoutes.rotateKey)
  async rotate(
    @Input() { params, body, context, principal }: Incoming<R['rotateKey']>,
  ): Promise<Reply<Answer<R['rotateKey']>>> {
    const { state } = await this.load(params.id, context.tenant);
    authorize(principal, 'key:rotate', { key: params.id });
    const rotated = await rotateKey(this.gateway, { id: params.id, kind: state.kind }, body, context);
    return this.shown(rotated, context.tenant, 200);
  }

  @Route(keyRoutes.listKeys)
  async list(@Input() { query, context }: Incoming<R['listKeys']>): Promise<Page<ApiKey>> {
    const { service, keys } = this.gateway;
    return pageOf(query, async (after, take) => {
      const rows = service.dataSource.getRepository(KeyRow).createQueryBuilder('k').orderBy('k.id').take(take);
      rows.where('k.tenant = :tenant', { tenant: context.tenant });
      if (after !== undefined) rows.andWhere('k.id > :after', { after });
      const found = await rows.getMany();
      const uses = await keys.lastUsed(found.map((row) => row.id));
      return found.map((row) => ({ key: row.id, item: itemOf(row, uses.get(row.id)) }));
    });
  }

  @Route(keyRoutes.getKey)
  async get(@Input() { params, context }: Incoming<R['getKey']>): Promise<Reply<ApiKey>> {
    const key = await this.load(params.id, context.tenant);
    const uses = await this.gateway.keys.lastUsed([params.id]);
    return reply(resourceOf(params.id, key, uses.get(params.id)), { etag: etagOf(key.version) });
  }

  @Route(keyRoutes.revokeKey)
  async revoke(@Input() { params, ifMatch, context, principal }: Incoming<R['revokeKey']>): Promise<void> {
    const key = await this.load(params.id, context.tenant);
    assertReach(principal, 'key:revoke', key.state);
    assertMatch(ifMatch, etagOf(key.version));
    const expected = ifMatch === undefined ? {} : { expectedVersion: key.version };
    await revokeKey(this.gateway, params.id, { metadata: context, ...expected });
  }

  @Route(keyRoutes.me)
  me(@Input() { principal }: Incoming<R['me']>): Answer<R['me']> {
    const { id, kind, tenant, roles, scopes } = principal;
    return {
      id,
      kind,
      tenant,
      roles: [...roles],
      ...(scopes === undefined ? {} : { scopes: [...scopes] }),
      actions: actionsOf(principal),
    };
  }

  private async shown(
    { id, secret }: NewSecret,
    tenant: string,
    status: number,
  ): Promise<Reply<ApiKey & { secret: string }>> {
    const key = await this.load(id, tenant);
    const options = { status, etag: etagOf(key.version), location: `/api/v1/keys/${id}` };
    return reply({ ...resourceOf(id, key), secret }, { ...options, headers: { 'cache-control': 'no-store' } });
  }

  /** Another tenant's key does not exist. */
  private async load(id: string, tenant: string): Promise<KnownKey> {
    const key = await this.gateway.keys.find(id);
    if (key === undefined || key.tenant !== tenant) throw notFound('key', id);
    return key;
  }
}
