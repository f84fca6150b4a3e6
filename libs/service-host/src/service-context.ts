import { randomUUID } from 'node:crypto';
import { migrateEventStore, postgresEventStore, surviving, type EventStore, type Upcaster } from '@dsem/event-store';
import type { Bus, SubscribeOptions } from '@dsem/messaging';
import type { Client, Pool } from 'pg';
import { DataSource, type EntitySchema, type MixedList } from 'typeorm';
import {
  databaseNames,
  openPool,
  prepareServiceDatabase,
  sessionOptions,
  type DatabaseNames,
  type DatabasePart,
} from './database.js';
import type { HealthCheck } from './health.js';
import { idempotencyTables, postgresIdempotency, type IdempotencyStore } from './idempotency.js';

/** What one service has for itself, in standalone as in its own process. */
export interface ServiceContext<Config = unknown> extends DatabaseNames {
  readonly service: string;
  readonly pool: Pool;
  /** TypeORM over the same role and schema, for read models. */
  readonly dataSource: DataSource;
  readonly store: EventStore;
  readonly bus: Bus;
  readonly idempotency: IdempotencyStore;
  readonly config: Config;
  readonly clock: () => Date;
  readonly newId: () => string;
  readonly checks: readonly HealthCheck[];
  /** Subscribes for as long as the service lives; stopped in the drain, before the pools close. */
  readonly subscribe: (options: SubscribeOptions) => Promise<void>;
  /** Registers something else that the drain must stop: relays, timers, agents. */
  readonly onDrain: (stop: () => Promise<void>) => void;
  /** Stops consumers and whatever else was registered, latest first. */
  readonly drain: () => Promise<void>;
  /** After `drain`: closes store, bus, data source and pool. */
  readonly close: () => Promise<void>;
}

/** What a composition decides about a service. */
export interface OpenServiceOptions<Config> {
  readonly service: string;
  /** Where the service connects; as its own role by log-in, or by `SET ROLE` when the user is another. */
  readonly databaseUrl: string;
  /** May create roles and schemas; default `databaseUrl`. */
  readonly adminUrl?: string;
  /** The service's own tables; events and idempotency keys are there already. */
  readonly parts?: readonly DatabasePart[];
  readonly upcasters?: readonly Upcaster[];
  readonly entities?: MixedList<string | (new () => object) | EntitySchema>;
  readonly config: Config;
  readonly clock?: () => Date;
  readonly poolSize?: number;
  readonly openBus: (pool: Pool, names: DatabaseNames) => Bus | Promise<Bus>;
}

const eventTables: DatabasePart = (owner, { schema, role }) => migrateEventStore(owner, { schema, serviceRole: role });

const prepare = (options: OpenServiceOptions<unknown>, names: DatabaseNames): Promise<void> => {
  const { username, password } = new URL(options.databaseUrl);
  const own = decodeURIComponent(username) === names.role && password !== '';
  return prepareServiceDatabase({
    ...names,
    adminUrl: options.adminUrl ?? options.databaseUrl,
    parts: [eventTables, idempotencyTables, ...(options.parts ?? [])],
    ...(own && options.adminUrl !== undefined ? { password: decodeURIComponent(password) } : {}),
  });
};

const openDataSource = (options: OpenServiceOptions<unknown>, names: DatabaseNames): Promise<DataSource> =>
  new DataSource({
    type: 'postgres',
    url: options.databaseUrl,
    schema: names.schema,
    entities: options.entities ?? [],
    synchronize: false,
    migrationsRun: false,
    applicationName: names.role,
    poolSize: options.poolSize ?? 5,
    extra: {
      options: sessionOptions(options.databaseUrl, names),
      onConnect: (client: Client): void => void surviving(client),
    },
    // Extensions are the migrations' business; the role may not create any.
    installExtensions: false,
  }).initialize();

const checksOf = (pool: Pool, bus: Bus, service: string): HealthCheck[] => [
  { name: `${service}.database`, check: async () => void (await pool.query('SELECT 1')) },
  {
    name: `${service}.bus`,
    check: async () => {
      if (!(await bus.healthy())) throw new Error('the bus does not answer');
    },
  },
];

/** Stops in reverse order of registration; the first failure is thrown after all were tried. */
const stopAll = async (stops: (() => Promise<void>)[]): Promise<void> => {
  const failures: unknown[] = [];
  for (const stop of stops.splice(0).reverse()) await stop().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw new AggregateError(failures, 'the drain was not clean');
};

/** Brings a service's database to the current version and opens everything it needs. */
export const openService = async <Config>(options: OpenServiceOptions<Config>): Promise<ServiceContext<Config>> => {
  const names = databaseNames(options.service);
  await prepare(options, names);
  const pool = openPool(options.databaseUrl, names, options.poolSize);
  const dataSource = await openDataSource(options, names);
  const store = postgresEventStore({ pool, schema: names.schema, upcasters: options.upcasters ?? [] });
  const bus = await options.openBus(pool, names);
  const stops: (() => Promise<void>)[] = [];
  return {
    ...names,
    service: options.service,
    pool,
    dataSource,
    store,
    bus,
    idempotency: postgresIdempotency(pool),
    config: options.config,
    clock: options.clock ?? (() => new Date()),
    newId: randomUUID,
    checks: checksOf(pool, bus, options.service),
    subscribe: async (subscription) => {
      const running = await bus.subscribe(subscription);
      stops.push(() => running.stop());
    },
    onDrain: (stop) => void stops.push(stop),
    drain: () => stopAll(stops),
    close: () => stopAll([() => pool.end(), () => dataSource.destroy(), () => store.close(), () => bus.close()]),
  };
};
