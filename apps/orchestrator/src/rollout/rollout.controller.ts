import { migrationRoutes, type MigrationProgress } from '@dsem/api';
import type { Principal } from '@dsem/authz';
import { handleCommand, type CommandMetadata, type Handled } from '@dsem/event-store';
import { streams } from '@dsem/events';
import { Input, Route, type Incoming } from '@dsem/service-host';
import { Controller, Inject } from '@nestjs/common';
import { allowIn } from '../environment/allow.js';
import { migration } from '../migration/migration.js';
import { readMigration, tellProgress } from '../migration/migration.store.js';
import { ORCHESTRATOR, type Orchestrator } from '../orchestrator.context.js';
import type { Above } from './above.js';
import { readAbove } from './read-above.js';
import { recordResolved } from './revision.js';
import type { RolloutState } from './rollout-state.js';
import { rollout, type RolloutCommand } from './rollout.js';

type R = typeof migrationRoutes;
type Asked = Pick<Incoming<R['resumeMigration']>, 'context' | 'principal'>;

/** What a person may do to a rollout that has started. */
@Controller()
export class RolloutController {
  constructor(@Inject(ORCHESTRATOR) private readonly orchestrator: Orchestrator) {}

  @Route(migrationRoutes.rollbackMigration)
  async rollBack(@Input() input: Incoming<R['rollbackMigration']>): Promise<MigrationProgress> {
    const { params, body, context, principal } = input;
    await allowIn(this.orchestrator, principal, 'migration:rollback', params.id, body.environments);
    const why = body.why ?? `asked for by ${context.actor}`;
    const command = { kind: 'roll-back', why, ...body, above: await this.above(params.id), now: this.now() } as const;
    return this.handle(params.id, command, input);
  }

  @Route(migrationRoutes.cancelMigration)
  async cancel(@Input() input: Incoming<R['cancelMigration']>): Promise<MigrationProgress> {
    const { params, body, context, principal } = input;
    await allowIn(this.orchestrator, principal, 'migration:cancel', params.id);
    const view = await readMigration(this.orchestrator, params.id);
    if (view.rollout !== undefined) return this.handle(params.id, { kind: 'cancel' }, input);
    const { store } = this.orchestrator.service;
    const command = { kind: 'cancel', why: body.why } as const;
    await handleCommand(store, migration, streams.migration(params.id), command, { metadata: context });
    return this.progress(params.id, principal);
  }

  @Route(migrationRoutes.pauseMigration)
  async pause(@Input() input: Incoming<R['pauseMigration']>): Promise<MigrationProgress> {
    const { params, body, principal } = input;
    await allowIn(this.orchestrator, principal, 'migration:pause', params.id);
    return this.handle(params.id, { kind: 'pause', why: body.why }, input);
  }

  @Route(migrationRoutes.resumeMigration)
  async resume(@Input() input: Incoming<R['resumeMigration']>): Promise<MigrationProgress> {
    const { params, principal } = input;
    await allowIn(this.orchestrator, principal, 'migration:resume', params.id);
    return this.handle(params.id, { kind: 'resume', now: this.now() }, input);
  }

  @Route(migrationRoutes.retryTarget)
  async retry(@Input() input: Incoming<R['retryTarget']>): Promise<MigrationProgress> {
    const { params, body, principal } = input;
    await allowIn(this.orchestrator, principal, 'migration:execute', params.id, [body.environment]);
    return this.handle(params.id, { kind: 'retry', environment: body.environment, now: this.now() }, input);
  }

  @Route(migrationRoutes.resolveTarget)
  async resolve(@Input() input: Incoming<R['resolveTarget']>): Promise<MigrationProgress> {
    const { params, body, context, principal } = input;
    await allowIn(this.orchestrator, principal, 'migration:resolve', params.id, [body.environment]);
    const command = { kind: 'resolve', ...body, above: await this.above(params.id), now: this.now() } as const;
    const { events } = await this.decide(params.id, command, context);
    // Whoever asks next finds the environment where it was said to be; if this process dies first, the event does it.
    for (const event of events) await recordResolved(this.orchestrator, event);
    return this.progress(params.id, principal);
  }

  @Route(migrationRoutes.abandonTarget)
  async abandon(@Input() input: Incoming<R['abandonTarget']>): Promise<MigrationProgress> {
    const { params, body, principal } = input;
    await allowIn(this.orchestrator, principal, 'migration:resolve', params.id, [body.environment]);
    return this.handle(params.id, { kind: 'abandon', ...body, now: this.now() }, input);
  }

  private now(): string {
    return this.orchestrator.service.clock().toISOString();
  }

  /** What has changed databases of the migration since. */
  private async above(id: string): Promise<Above> {
    return readAbove(this.orchestrator, await readMigration(this.orchestrator, id));
  }

  private async decide(id: string, command: RolloutCommand, metadata: CommandMetadata): Promise<Handled<RolloutState>> {
    await readMigration(this.orchestrator, id);
    return handleCommand(this.orchestrator.service.store, rollout, streams.rollout(id), command, { metadata });
  }

  private async handle(id: string, command: RolloutCommand, { context, principal }: Asked): Promise<MigrationProgress> {
    await this.decide(id, command, context);
    return this.progress(id, principal);
  }

  private async progress(id: string, principal: Principal): Promise<MigrationProgress> {
    return tellProgress(this.orchestrator, await readMigration(this.orchestrator, id), principal);
  }
}
