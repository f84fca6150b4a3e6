import type { KeyObject } from 'node:crypto';
import type { StoredEvent } from '@dsem/event-store';
import { topics, type EnvironmentEvent, type MigrationEvent, type RolloutEvent } from '@dsem/events';
import type { PostgresTransaction } from '@dsem/event-store';
import {
  openOn,
  SERVICE_CONTEXT,
  type Infrastructure,
  type OpenedService,
  type RunningService,
} from '@dsem/service-host';
import { Module, type DynamicModule } from '@nestjs/common';
import { AgentController } from './environment/agent.controller.js';
import { EnvironmentController } from './environment/environment.controller.js';
import { EnvironmentRow, environmentTables, projectEnvironment } from './environment/environment.projection.js';
import { approverKeyTables } from './migration/approver-keys.js';
import { knownTables } from './migration/known.js';
import { MigrationController } from './migration/migration.controller.js';
import { MigrationRow, migrationTables, projectMigration, projectRollout } from './migration/migration.projection.js';
import { startOnAssessed } from './migration/on-assessed.consumer.js';
import { startOnKey } from './migration/on-key.consumer.js';
import { planTables } from './migration/plan.store.js';
import { ORCHESTRATOR, type Orchestrator } from './orchestrator.context.js';
import { circuitBreakers } from './rollout/breaker.js';
import { dispatch } from './rollout/dispatcher.js';
import { startOnExecution } from './rollout/on-execution.consumer.js';
import { RolloutController } from './rollout/rollout.controller.js';
import { startTimers } from './rollout/timers.js';

/** Wiring only. */
@Module({})
export class OrchestratorModule {
  static of(orchestrator: Orchestrator): DynamicModule {
    return {
      module: OrchestratorModule,
      controllers: [MigrationController, RolloutController, EnvironmentController, AgentController],
      providers: [
        { provide: ORCHESTRATOR, useValue: orchestrator },
        { provide: SERVICE_CONTEXT, useValue: orchestrator.service },
      ],
    };
  }
}

const apply = async (stored: StoredEvent, client: PostgresTransaction): Promise<void> => {
  if (stored.stream.startsWith('environment-'))
    await projectEnvironment(stored, stored as unknown as EnvironmentEvent, client);
  if (stored.stream.startsWith('migration-'))
    await projectMigration(stored, stored as unknown as MigrationEvent, client);
  if (stored.stream.startsWith('rollout-')) await projectRollout(stored as unknown as RolloutEvent, client);
};

/** Breakers are as the environments' events left them. */
const restoreBreakers = async ({ service, breakers }: Orchestrator): Promise<void> => {
  const rows = await service.dataSource.getRepository(EnvironmentRow).find();
  for (const { name, state } of rows) breakers.restore(name, state.breakerOpen);
};

const start = async (orchestrator: Orchestrator, service: OpenedService): Promise<void> => {
  service.relay();
  await service.project({ name: 'orchestrator', tables: ['migrations', 'environments'], apply });
  await restoreBreakers(orchestrator);
  await service.project({ name: 'dispatcher', tables: [], apply: (stored) => dispatch(orchestrator, stored) });
  await startOnAssessed(orchestrator);
  await startOnKey(orchestrator);
  await startOnExecution(orchestrator);
  startTimers(orchestrator, (error) => service.logger.error({ err: error }, 'a tick failed'));
  service.onDrain(() => Promise.resolve(orchestrator.breakers.shutdown()));
};

/** Opens the orchestrator: environments, migrations, rollouts. `approvalKey` is an Ed25519 private key. */
export const openOrchestrator = async (
  infrastructure: Infrastructure,
  approvalKey: KeyObject,
): Promise<RunningService> => {
  const service = await openOn(infrastructure, {
    service: 'orchestrator',
    parts: [knownTables, approverKeyTables, planTables, migrationTables, environmentTables],
    entities: [MigrationRow, EnvironmentRow],
    topic: topics.orchestrator,
  });
  const { inbox } = service;
  const orchestrator: Orchestrator = {
    service,
    inbox,
    registry: service.immutable('registry'),
    validator: service.immutable('validator'),
    approvalKey,
    breakers: circuitBreakers(),
  };
  return { context: service, module: OrchestratorModule.of(orchestrator), start: () => start(orchestrator, service) };
};
