export * from './connection.js';
export * from './decider.js';
export * from './errors.js';
export * from './event-store.js';
export * from './handle.js';
export * from './memory.js';
export {
  eventsChannel,
  migrate,
  migrateEventStore,
  quoted,
  underLock,
  type EventStoreTables,
  type Queryable,
} from './migrations.js';
export * from './outbox.js';
export { postgresEventStore, postgresSnapshots, type PostgresEventStoreOptions } from './postgres.js';
export * from './postgres-outbox.js';
export * from './projection.js';
export * from './signal.js';
export * from './snapshot.js';
export * from './upcast.js';
