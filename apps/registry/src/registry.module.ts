import { topics, type ConsumerEvent, type SubjectEvent } from '@dsem/events';
import type { StoredEvent } from '@dsem/event-store';
import { openOn, SERVICE_CONTEXT, type Infrastructure, type RunningService } from '@dsem/service-host';
import { Module, type DynamicModule } from '@nestjs/common';
import { ConsumerController } from './consumer/consumer.controller.js';
import { ConsumerRow, consumerTables, projectConsumer } from './consumer/consumer.projection.js';
import { DefinitionController } from './definition/definition.controller.js';
import { definitionTables, postgresDefinitions } from './definition/definition.store.js';
import { holdingTables } from './holding/holding.store.js';
import { startOnEnvironment } from './holding/on-environment.consumer.js';
import { startOnSchemaChange } from './on-schema-change.consumer.js';
import { REGISTRY, type Registry } from './registry.context.js';
import { SubjectController } from './subject/subject.controller.js';
import { projectSubject, SchemaRow, subjectTables, VersionRow } from './subject/subject.projection.js';

/** Wiring only. */
@Module({})
export class RegistryModule {
  static of(registry: Registry): DynamicModule {
    return {
      module: RegistryModule,
      controllers: [SubjectController, ConsumerController, DefinitionController],
      providers: [
        { provide: REGISTRY, useValue: registry },
        { provide: SERVICE_CONTEXT, useValue: registry.service },
      ],
    };
  }
}

const project = (stored: StoredEvent): 'subject' | 'consumer' | undefined => {
  if (stored.stream.startsWith('subject-')) return 'subject';
  return stored.stream.startsWith('consumer-') ? 'consumer' : undefined;
};

/** Opens the registry: subjects, versions, definitions, consumers. */
export const openRegistry = async (infrastructure: Infrastructure): Promise<RunningService> => {
  const service = await openOn(infrastructure, {
    service: 'registry',
    parts: [definitionTables, subjectTables, consumerTables, holdingTables],
    entities: [SchemaRow, VersionRow, ConsumerRow],
    topic: topics.registry,
  });
  const registry: Registry = { service, inbox: service.inbox, definitions: postgresDefinitions(service.pool) };
  return {
    context: service,
    module: RegistryModule.of(registry),
    start: async () => {
      service.relay();
      await service.project({
        name: 'schemas',
        tables: ['versions', 'schemas', 'consumers'],
        apply: async (stored, client) => {
          const kind = project(stored);
          if (kind === 'subject') await projectSubject(stored, stored as unknown as SubjectEvent, client);
          if (kind === 'consumer') await projectConsumer(stored as unknown as ConsumerEvent, client);
        },
      });
      await startOnEnvironment(registry);
      await startOnSchemaChange(registry);
    },
  };
};
