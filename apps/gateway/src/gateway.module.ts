import { topics } from '@dsem/events';
import {
  apiKeyAuthenticator,
  openOn,
  SERVICE_CONTEXT,
  type Authenticator,
  type Infrastructure,
  type RunningService,
} from '@dsem/service-host';
import { Module, type DynamicModule } from '@nestjs/common';
import { GATEWAY, type Gateway } from './gateway.context.js';
import { ensureAdministratorKey } from './identity/bootstrap-key.js';
import { keyDirectory } from './identity/key-directory.js';
import { KeyController } from './identity/key.controller.js';
import { KeyRow, keyTables, KeyUseRow, projectKey } from './identity/key.projection.js';

/** Wiring only. */
@Module({})
export class GatewayModule {
  static of(gateway: Gateway): DynamicModule {
    return {
      module: GatewayModule,
      controllers: [KeyController],
      providers: [
        { provide: GATEWAY, useValue: gateway },
        { provide: SERVICE_CONTEXT, useValue: gateway.service },
      ],
    };
  }
}

/** The gateway, and how the process it runs in proves who asks. */
export interface RunningGateway extends RunningService {
  readonly authenticator: Authenticator;
}

/** Opens the gateway: API keys. `administratorKeyFile` is made to hold a working administrator key (mode 0600). */
export const openGateway = async (
  infrastructure: Infrastructure,
  options: { readonly administratorKeyFile?: string | undefined } = {},
): Promise<RunningGateway> => {
  const service = await openOn(infrastructure, {
    service: 'gateway',
    parts: [keyTables],
    entities: [KeyRow, KeyUseRow],
    topic: topics.identity,
  });
  const gateway: Gateway = { service, keys: keyDirectory(service) };
  if (options.administratorKeyFile !== undefined) await ensureAdministratorKey(gateway, options.administratorKeyFile);
  return {
    context: service,
    module: GatewayModule.of(gateway),
    authenticator: apiKeyAuthenticator(gateway.keys.lookup, service.clock),
    start: async () => {
      service.relay();
      await service.project({ name: 'api-keys', tables: ['api_keys'], apply: projectKey });
    },
  };
};
