import { postgresOutbox, startProjection, type PostgresTransaction, type StoredEvent } from '@dsem/event-store';
import {
  kafkaBus,
  migrateBus,
  migrateConsumer,
  postgresBus,
  postgresInbox,
  postgresParking,
  startOutboxRelay,
  type Bus,
  type Handler,
  type Inbox,
  type KafkaBusOptions,
  type ParkingLot,
  type SubscribeOptions,
} from '@dsem/messaging';
import type { DynamicModule } from '@nestjs/common';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { EntitySchema, MixedList } from 'typeorm';
import type { DatabasePart } from './database.js';
import type { AuditedLetters } from './dead-letters/service-letters.js';
import { immutableClient, type ImmutableClient } from './immutable-client.js';
import { busLog } from './logging.js';
import { openService, type ServiceContext } from './service-context.js';
import type { KafkaAccess } from './kafka-access.js';
import { mintServiceToken, type TokenKey } from './service-token.js';

/** Which bus carries events: tables of the same PostgreSQL, or Kafka. */
export type BusChoice = { readonly kind: 'postgres' } | ({ readonly kind: 'kafka' } & KafkaAccess);

/** What a composition gives every service: the one difference between standalone and distributed. */
export interface Infrastructure {
  readonly databaseUrl: string;
  /** May create roles and schemas; default `databaseUrl`. */
  readonly adminUrl?: string;
  readonly bus: BusChoice;
  /** Key of the tokens that services show each other. */
  readonly tokenKey: TokenKey;
  /** Address of the service that owns an immutable resource. */
  readonly addressOf: (service: string) => string;
  readonly logger: Logger;
  readonly clock?: () => Date;
  /** Connections per service; default 10. */
  readonly poolSize?: number;
}

/** What makes one service different from the next. */
export interface ServiceParts {
  readonly service: string;
  /** The service's own tables. */
  readonly parts: readonly DatabasePart[];
  readonly entities: MixedList<string | (new () => object) | EntitySchema>;
  /** Where its events go. */
  readonly topic: string;
}

/** A service that is open but does not work yet. */
export interface OpenedService extends ServiceContext {
  readonly inbox: Inbox;
  readonly letters: AuditedLetters;
  readonly logger: Logger;
  /** Reads definitions and plans from the service that owns them. */
  readonly immutable: (owner: string) => ImmutableClient;
  /** Follows the own store for as long as the service lives. */
  readonly project: (projection: OwnProjection) => Promise<void>;
  /** Begins to carry committed events to the bus. */
  readonly relay: () => void;
  /** Told by `startService`: from now on a consumer that is not there never will be. */
  readonly started: () => void;
}

/** A read model of the service's own events. */
export interface OwnProjection {
  readonly name: string;
  readonly version?: number;
  readonly apply: (event: StoredEvent, client: PostgresTransaction) => Promise<void>;
  /** Tables that a rebuild empties. */
  readonly tables: readonly string[];
}

/** An open service with its controllers; `start` begins consumers, projections and the relay: call `startService`. */
export interface RunningService {
  readonly context: OpenedService;
  readonly module: DynamicModule;
  readonly start: () => Promise<void>;
}

/** Begins a service's work, and knows when all of it has begun. */
export const startService = async ({ start, context }: RunningService): Promise<void> => {
  await start();
  context.started();
};

const busSchema = 'bus';

const consumerTables: DatabasePart = (owner, { schema, role }) => migrateConsumer(owner, { schema, serviceRole: role });
const busTables: DatabasePart = (owner, { role }) => migrateBus(owner, { schema: busSchema, serviceRole: role });

/** How kafkajs is told of the brokers. */
export const kafkaOf = (
  { kind: _, ...access }: Extract<BusChoice, { kind: 'kafka' }>,
  clientId: string,
): KafkaBusOptions['kafka'] => ({ clientId, ...access });

const openBus = ({ bus, logger }: Infrastructure, service: string, pool: Pool, parking: ParkingLot): Bus => {
  if (bus.kind === 'postgres') return postgresBus({ pool, schema: busSchema, parking });
  return kafkaBus({ kafka: kafkaOf(bus, `dsem-${service}`), parking, log: busLog(logger) });
};

const immutableFrom = (infrastructure: Infrastructure, service: string, owner: string): ImmutableClient => {
  const principal = { id: service, kind: 'service', tenant: 'default', roles: ['agent'] } as const;
  return immutableClient({
    baseUrl: () => infrastructure.addressOf(owner),
    bearer: () => mintServiceToken({ ...principal, roles: [...principal.roles] }, owner, infrastructure.tokenKey),
  });
};

const follow = async (context: ServiceContext, logger: Logger, own: OwnProjection): Promise<void> => {
  const { pool, store, schema } = context;
  const projection = await startProjection({
    ...own,
    store,
    pool,
    schema,
    reset: async (client) => {
      if (own.tables.length > 0) await client.query(`DELETE FROM ${own.tables.join('; DELETE FROM ')}`);
    },
    onError: (error, event) =>
      logger.error({ err: error, event: event?.id, projection: own.name }, 'a projection failed; it tries again'),
  });
  context.onDrain(() => projection.stop());
};

const startRelay = (context: ServiceContext, logger: Logger, topic: string): void => {
  const { pool, schema, bus, service } = context;
  const relay = startOutboxRelay({
    outbox: postgresOutbox({ pool, schema }),
    bus,
    source: `dsem/${service}`,
    topic,
    onError: (error) => logger.error({ err: error }, 'publishing failed; it is tried again'),
  });
  context.onDrain(() => relay.stop());
};

/** Remembers who handles what, for replays, and logs what fails. */
const subscribing = (context: ServiceContext, logger: Logger, handlers: Map<string, Handler>) => {
  return (options: SubscribeOptions): Promise<void> => {
    handlers.set(options.consumer, options.handler);
    return context.subscribe({
      onParked: ({ consumer, topic, key, cause }) =>
        logger.error({ consumer, topic, key, cause }, 'a message was parked'),
      onError: (error) => logger.warn({ err: error, consumer: options.consumer }, 'a delivery failed'),
      ...options,
    });
  };
};

const openContext = (infrastructure: Infrastructure, parts: ServiceParts): Promise<ServiceContext> => {
  const { bus, clock, adminUrl, poolSize } = infrastructure;
  return openService({
    service: parts.service,
    databaseUrl: infrastructure.databaseUrl,
    ...(adminUrl === undefined ? {} : { adminUrl }),
    ...(clock === undefined ? {} : { clock }),
    ...(poolSize === undefined ? {} : { poolSize }),
    parts: [consumerTables, ...(bus.kind === 'postgres' ? [busTables] : []), ...parts.parts],
    entities: parts.entities,
    config: {},
    openBus: (pool, { schema }) => openBus(infrastructure, parts.service, pool, postgresParking({ pool, schema })),
  });
};

/** Opens a service on the given infrastructure: database, store, bus, inbox; nothing runs yet. */
export const openOn = async (infrastructure: Infrastructure, parts: ServiceParts): Promise<OpenedService> => {
  const logger = infrastructure.logger.child({ service: parts.service });
  const context = await openContext(infrastructure, parts);
  const { pool, schema, store } = context;
  const handlers = new Map<string, Handler>();
  const lot = postgresParking({ pool, schema });
  let starting = true;
  return {
    ...context,
    subscribe: subscribing(context, logger, handlers),
    logger,
    inbox: postgresInbox({ pool, schema }),
    letters: { service: parts.service, lot, handlers, store, isStarting: () => starting },
    immutable: (owner) => immutableFrom(infrastructure, parts.service, owner),
    project: (own) => follow(context, logger, own),
    relay: () => startRelay(context, logger, parts.topic),
    started: () => void (starting = false),
  };
};
