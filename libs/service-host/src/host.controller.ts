import { hostRoutes, openapiDocument, type RouteSpec } from '@dsem/api';
import { Controller, Inject, Module, type DynamicModule } from '@nestjs/common';
import { healthOf, type HostStatus } from './health.js';
import { collectMetrics } from './metrics.js';
import { reply } from './reply.js';
import { Route, type Answer } from './route.decorator.js';
import { CHECK_ANSWERS } from './route.interceptor.js';

/** Nest token of the process's `HostStatus`. */
export const HOST_STATUS = Symbol('dsem:host-status');
const ROUTES = Symbol('dsem:routes');

/** What every process answers by itself: health, metrics, the interface's description. */
@Controller()
export class HostController {
  #document: Record<string, unknown> | undefined;

  constructor(
    @Inject(HOST_STATUS) readonly status: HostStatus,
    @Inject(ROUTES) readonly routes: readonly RouteSpec[],
  ) {}

  @Route(hostRoutes.health)
  async health(): Promise<unknown> {
    const health = await healthOf(this.status);
    return reply(health, { status: health.status === 'failing' ? 503 : 200 });
  }

  @Route(hostRoutes.live)
  live(): Answer<typeof hostRoutes.live> {
    const { services, version } = this.status;
    return { status: 'ok', services: [...services], version, checks: {} };
  }

  @Route(hostRoutes.ready)
  async ready(): Promise<unknown> {
    const health = await healthOf(this.status);
    return reply(health, { status: health.status === 'ok' ? 200 : 503 });
  }

  @Route(hostRoutes.metrics)
  metrics(): Promise<string> {
    return collectMetrics();
  }

  @Route(hostRoutes.openapi)
  openapi(): Record<string, unknown> {
    return (this.#document ??= openapiDocument(this.routes, this.status.version));
  }
}

/** The host's own module; `routes` are those the OpenAPI document tells of. */
@Module({})
export class HostModule {
  static of(status: HostStatus, routes: readonly RouteSpec[], checkAnswers: boolean): DynamicModule {
    const providers = [
      { provide: HOST_STATUS, useValue: status },
      { provide: ROUTES, useValue: routes },
      { provide: CHECK_ANSWERS, useValue: checkAnswers },
    ];
    return { module: HostModule, global: true, controllers: [HostController], providers, exports: providers };
  }
}
