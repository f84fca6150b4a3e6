export { ApiClient, type ItemOf, type ListId } from './client.js';
export { deadLettersOf, parkedKeysOf, type DeadLetterQuery, type ParkedKeyQuery } from './dead-letters.js';
export type { Deployment, DeployOptions, MigrationPlan } from './deploy.js';
export { ConnectionError, NotAvailable, SdkError, WaitTimeout } from './errors.js';
export type { LogLevel, LogSink } from './logging.js';
export { SchemaEvolutionManager, type Definition, type ManagerOptions } from './manager.js';
export type { Answered, CallOptions, TransportOptions } from './transport.js';
export { atRest, type WaitOptions } from './wait.js';
export type { Webhook, WebhookOptions } from './webhooks.js';
