import type { ConsumingService, MigrationProgress, RouteInput, RouteOutput, Routes } from '@dsem/api';
import { ApiClient, type ItemOf } from './client.js';
import { deadLettersOf, parkedKeysOf, type DeadLetterQuery, type ParkedKeyQuery } from './dead-letters.js';
import { deploy, type DeployOptions, type Deployment, type MigrationPlan } from './deploy.js';
import { createLog, type Log, type LogLevel, type LogSink } from './logging.js';
import { Transport, type CallOptions, type TransportOptions } from './transport.js';
import { waitFor, type WaitOptions } from './wait.js';
import { registerWebhookRoute, type Webhook, type WebhookOptions } from './webhooks.js';

/** Where the server is, who calls it, and how much is told about it. */
export interface ManagerOptions {
  /** A key `dsem_…`. */
  readonly apiKey?: string;
  /** Default: `http://localhost:8080`. */
  readonly endpoint?: string;
  /** Logs each request; the same as `logLevel: 'debug'`. */
  readonly debug?: boolean;
  readonly logLevel?: LogLevel;
  /** Logs each change of state while a migration is waited for. */
  readonly traceMigrations?: boolean;
  /** Per request, in ms; default 30,000. */
  readonly timeoutMs?: number;
  readonly fetch?: typeof globalThis.fetch;
  readonly logSink?: LogSink;
}

/** DDL text of the engine, or the canonical model. */
export type Definition = string | Readonly<Record<string, unknown>>;

type Input<Id extends keyof Routes> = RouteInput<Routes[Id]>;
type Output<Id extends keyof Routes> = Promise<RouteOutput<Routes[Id]>>;
type BodyOf<Id extends keyof Routes> =
  Input<Id> extends { readonly body?: infer Body } ? Exclude<Body, undefined> : never;
type QueryOf<Id extends keyof Routes> = Input<Id> extends { readonly query?: infer Query } ? Query : never;
type ValidationOptions = Omit<BodyOf<'validateCompatibility'>, 'oldSchema' | 'newSchema'>;

/** The whole product over its REST interface; `client` reaches every route by its id. */
export class SchemaEvolutionManager {
  readonly client: ApiClient;
  readonly #transport: TransportOptions;
  readonly #log: Log;
  readonly #trace: boolean;

  constructor(options: ManagerOptions = {}) {
    this.#log = createLog(options.logLevel ?? (options.debug === true ? 'debug' : 'warn'), options.logSink);
    this.#trace = options.traceMigrations ?? false;
    this.#transport = {
      endpoint: options.endpoint ?? 'http://localhost:8080',
      apiKey: options.apiKey,
      fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
      timeoutMs: options.timeoutMs ?? 30_000,
      log: this.#log,
    };
    this.client = new ApiClient(this.#transport);
  }

  /** Judges a new schema against an old one; `compatible` is the verdict for the mode asked for. */
  validateCompatibility(
    oldSchema: Definition,
    newSchema: Definition,
    options: ValidationOptions = {},
  ): Output<'validateCompatibility'> {
    return this.client.call('validateCompatibility', {
      body: { ...options, oldSchema, newSchema },
    });
  }

  /** Registers a schema or its next version; the same content again is the same version. */
  registerSchema(schema: BodyOf<'registerSchema'>, options?: CallOptions): Output<'registerSchema'> {
    return this.client.call('registerSchema', { body: schema }, options);
  }

  getSchema(id: string): Output<'getSchema'> {
    return this.client.call('getSchema', { params: { id } });
  }

  listSchemas(query: QueryOf<'listSchemas'> = {}): AsyncGenerator<ItemOf<'listSchemas'>> {
    return this.client.list('listSchemas', { query });
  }

  /** Versions, newest first. */
  listVersions(id: string): AsyncGenerator<ItemOf<'listVersions'>> {
    return this.client.list('listVersions', { params: { id } });
  }

  /** Changes a schema; without `ifMatch` whatever is there now is changed. */
  updateSchema(id: string, change: BodyOf<'updateSchema'>, ifMatch = '*'): Output<'updateSchema'> {
    return this.client.call('updateSchema', { params: { id }, body: change, ifMatch });
  }

  /** Archives a schema; its history stays. */
  async deleteSchema(id: string, ifMatch = '*'): Promise<void> {
    await this.client.call('deleteSchema', { params: { id }, ifMatch });
  }

  /** Declares what a version of a service reads and writes. */
  declareConsumer(contract: BodyOf<'declareConsumer'>): Output<'declareConsumer'> {
    return this.client.call('declareConsumer', { body: contract });
  }

  /** Plans the way of some environments to a version. */
  createMigration(migration: BodyOf<'createMigration'>, options?: CallOptions): Output<'createMigration'> {
    return this.client.call('createMigration', { body: migration }, options);
  }

  getMigration(id: string): Output<'getMigration'> {
    return this.client.call('getMigration', { params: { id } });
  }

  listMigrations(query: QueryOf<'listMigrations'> = {}): AsyncGenerator<ItemOf<'listMigrations'>> {
    return this.client.list('listMigrations', { query });
  }

  /** How far a migration is, per environment. */
  migrationStatus(id: string): Output<'migrationStatus'> {
    return this.client.call('migrationStatus', { params: { id } });
  }

  /** Approves the plans a migration has now, or exactly those whose hashes are given. */
  approveMigration(id: string, approval: BodyOf<'approveMigration'> = {}): Output<'approveMigration'> {
    return this.client.call('approveMigration', { params: { id }, body: approval });
  }

  executeMigration(id: string, execution: BodyOf<'executeMigration'> = {}): Output<'executeMigration'> {
    return this.client.call('executeMigration', { params: { id }, body: execution });
  }

  rollbackMigration(id: string, rollback: BodyOf<'rollbackMigration'> = {}): Output<'rollbackMigration'> {
    return this.client.call('rollbackMigration', { params: { id }, body: rollback });
  }

  cancelMigration(id: string, why?: string): Output<'cancelMigration'> {
    return this.client.call('cancelMigration', { params: { id }, body: why === undefined ? {} : { why } });
  }

  /** Plans, approves if asked to, rolls out and waits for the end. */
  deployMigration(
    plan: MigrationPlan,
    environments: readonly string[] = [],
    options: DeployOptions = {},
  ): Promise<Deployment> {
    return deploy(this.client, plan, environments, this.#tracing(options));
  }

  /** Waits until a migration stands still or `until` says so. @throws WaitTimeout */
  waitForMigration(id: string, options: WaitOptions = {}): Promise<MigrationProgress> {
    return waitFor(id, () => this.migrationStatus(id), this.#tracing(options));
  }

  addEnvironment(environment: BodyOf<'addEnvironment'>): Output<'addEnvironment'> {
    return this.client.call('addEnvironment', { body: environment });
  }

  listEnvironments(query: QueryOf<'listEnvironments'> = {}): AsyncGenerator<ItemOf<'listEnvironments'>> {
    return this.client.list('listEnvironments', { query });
  }

  /** Brings an environment to a version of a schema. */
  syncEnvironment(id: string, target: BodyOf<'syncEnvironment'>): Output<'syncEnvironment'> {
    return this.client.call('syncEnvironment', { params: { id }, body: target });
  }

  environmentHealth(id: string): Output<'environmentHealth'> {
    return this.client.call('environmentHealth', { params: { id } });
  }

  /** Messages that could not be handled, oldest first within a service. */
  listDeadLetters(query: DeadLetterQuery = {}): AsyncGenerator<ItemOf<'listDeadLetters'>> {
    return deadLettersOf(this.client, query);
  }

  /** A message that could not be handled, with its body. */
  getDeadLetter(service: ConsumingService, id: string): Output<'getDeadLetter'> {
    return this.client.call('getDeadLetter', { params: { service, id } });
  }

  /** Gives a message up for good; its key flows again when it was the last. */
  async discardDeadLetter(service: ConsumingService, id: string, reason: string): Promise<void> {
    await this.client.call('discardDeadLetter', { params: { service, id }, body: { reason } });
  }

  /** Keys whose messages wait behind one that could not be handled. */
  listParkedKeys(query: ParkedKeyQuery = {}): AsyncGenerator<ItemOf<'listParkedKeys'>> {
    return parkedKeysOf(this.client, query);
  }

  /** Agents that could not handle a command, with what they tell of it. */
  listAgentDeadLetters(query: { readonly agent?: string } = {}): AsyncGenerator<ItemOf<'listAgentDeadLetters'>> {
    return this.client.list('listAgentDeadLetters', { query });
  }

  /** Hands the messages of a key to their consumer again, in order, up to the first that fails. */
  replayParkedKey(service: ConsumingService, parked: BodyOf<'replayParkedKey'>): Output<'replayParkedKey'> {
    return this.client.call('replayParkedKey', { params: { service }, body: parked });
  }

  /** Tells an address about events. @throws NotAvailable where the server has no notifier */
  async registerWebhook(name: string, webhook: WebhookOptions): Promise<Webhook> {
    const transport = new Transport(this.#transport);
    return (await transport.send(registerWebhookRoute, { body: { name, ...webhook } })).body;
  }

  /** Health of the server and of what it depends on. */
  health(): Output<'health'> {
    return this.client.call('health');
  }

  #tracing<Options extends WaitOptions>(options: Options): Options {
    if (!this.#trace) return options;
    const onProgress = (progress: MigrationProgress): void => {
      const targets = progress.targets.map(({ environment, status }) => `${environment} ${status}`).join(', ');
      this.#log('error', `migration ${progress.id} ${progress.status}${targets === '' ? '' : `: ${targets}`}`);
      options.onProgress?.(progress);
    };
    return { ...options, onProgress };
  }
}
