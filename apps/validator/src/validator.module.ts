import { topics } from '@dsem/events';
import { openOn, SERVICE_CONTEXT, type Infrastructure, type RunningService } from '@dsem/service-host';
import { Module, type DynamicModule } from '@nestjs/common';
import { CompatibilityController } from './assessment/compatibility.controller.js';
import { knownTables } from './assessment/known.js';
import { startOnRegistered } from './assessment/on-registered.consumer.js';
import { projectReport, ReportRow, reportTables } from './assessment/report.projection.js';
import { VALIDATOR, type Validator } from './validator.context.js';

/** Wiring only. */
@Module({})
export class ValidatorModule {
  static of(validator: Validator): DynamicModule {
    return {
      module: ValidatorModule,
      controllers: [CompatibilityController],
      providers: [
        { provide: VALIDATOR, useValue: validator },
        { provide: SERVICE_CONTEXT, useValue: validator.service },
      ],
    };
  }
}

/** Opens the validator: verdicts on registered versions and on request. */
export const openValidator = async (infrastructure: Infrastructure): Promise<RunningService> => {
  const service = await openOn(infrastructure, {
    service: 'validator',
    parts: [knownTables, reportTables],
    entities: [ReportRow],
    topic: topics.validator,
  });
  const validator: Validator = { service, inbox: service.inbox, registry: service.immutable('registry') };
  return {
    context: service,
    module: ValidatorModule.of(validator),
    start: async () => {
      service.relay();
      await service.project({ name: 'reports', tables: ['reports'], apply: projectReport });
      await startOnRegistered(validator);
    },
  };
};
