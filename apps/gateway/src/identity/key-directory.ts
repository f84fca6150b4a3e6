import type { Principal } from '@dsem/authz';
import type { StoredEvent } from '@dsem/event-store';
import { streams, type IdentityEvent } from '@dsem/events';
import type { KeyRecord, ServiceContext } from '@dsem/service-host';
import { keyDecider, type KeyState } from './key.js';

/** A key as its stream tells it at this moment. */
export interface KnownKey {
  readonly state: KeyState;
  readonly version: number;
  readonly tenant: string;
  readonly issued: string;
  readonly revokedAt?: string;
}

/** Finds keys by id: from their events, so that a revoked key is refused at the next request. */
export interface KeyDirectory {
  readonly find: (id: string) => Promise<KnownKey | undefined>;
  /** What authentication needs; remembers for at most two seconds, and notes the use. */
  readonly lookup: (id: string) => Promise<KeyRecord | undefined>;
  readonly lastUsed: (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  /** Forgets what `lookup` remembers of a key that this process changed. */
  readonly forget: (id: string) => void;
}

const fold = (events: readonly StoredEvent[]): KnownKey | undefined => {
  const [first] = events;
  if (first === undefined) return undefined;
  const bodies = events as unknown as readonly IdentityEvent[];
  const state = bodies.reduce((each, event) => keyDecider.evolve(each, event), keyDecider.initialState);
  const revokedAt = events.find((event) => event.type === 'KeyRevoked')?.time;
  return {
    state,
    version: events.length,
    tenant: first.metadata.tenant,
    issued: first.time,
    ...(revokedAt === undefined ? {} : { revokedAt }),
  };
};

const kinds = { user: 'key', service: 'service', agent: 'agent' } as const;

const principalOf = (id: string, { state, tenant }: KnownKey): Principal => ({
  id,
  kind: kinds[state.kind],
  tenant,
  roles: state.roles,
  ...(state.scopes === undefined ? {} : { scopes: state.scopes }),
  ...(state.environments === undefined ? {} : { environments: state.environments }),
});

const recordOf = (id: string, key: KnownKey): KeyRecord => ({
  principal: principalOf(id, key),
  expires: key.state.expires,
  revoked: key.state.revoked,
  secrets: key.state.secrets,
});

const remembered = 2_000;
const noteEvery = 60_000;

/** Notes a use at most once a minute and key; never in the way of the request. */
const noting = ({ pool, clock }: Pick<ServiceContext, 'pool' | 'clock'>): ((id: string) => void) => {
  const noted = new Map<string, number>();
  const sql = `INSERT INTO key_uses (id, last_used) VALUES ($1, $2)
    ON CONFLICT (id) DO UPDATE SET last_used = greatest(key_uses.last_used, excluded.last_used)`;
  return (id) => {
    const now = clock();
    if (now.getTime() - (noted.get(id) ?? 0) < noteEvery) return;
    noted.set(id, now.getTime());
    pool.query(sql, [id, now]).catch(() => noted.delete(id));
  };
};

/** The keys of the gateway's own store. */
export const keyDirectory = (service: Pick<ServiceContext, 'store' | 'pool' | 'clock'>): KeyDirectory => {
  const cache = new Map<string, { readonly record: KeyRecord; readonly until: number }>();
  const note = noting(service);
  const find = async (id: string): Promise<KnownKey | undefined> =>
    fold(await service.store.readStream(streams.key(id)));
  return {
    find,
    lookup: async (id) => {
      const now = service.clock().getTime();
      const hit = cache.get(id);
      if (hit !== undefined && hit.until > now) return hit.record;
      const key = await find(id);
      cache.delete(id);
      if (key === undefined) return undefined;
      if (cache.size >= 10_000) cache.clear();
      const record = recordOf(id, key);
      cache.set(id, { record, until: now + remembered });
      note(id);
      return record;
    },
    lastUsed: async (ids) => {
      const sql = 'SELECT id, last_used FROM key_uses WHERE id = ANY ($1)';
      const { rows } = await service.pool.query<{ id: string; last_used: Date }>(sql, [ids]);
      return new Map(rows.map((row) => [row.id, row.last_used.toISOString()]));
    },
    forget: (id) => void cache.delete(id),
  };
};
