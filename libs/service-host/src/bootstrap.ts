import { routes as allRoutes, type RouteSpec } from '@dsem/api';
import helmet from '@fastify/helmet';
import { Module, type DynamicModule, type LoggerService, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { LoggerModule } from 'nestjs-pino';
import type { Logger } from 'pino';
import { AuthGuard } from './auth.guard.js';
import type { Authenticator } from './authenticator.js';
import { limitBodies } from './body-limits.js';
import { deadLetterModules, type WithLetters } from './dead-letters/dead-letter.controller.js';
import { watchParked } from './dead-letters/parked-metrics.js';
import { admitEarly, answerBadUrl, traceRequests } from './fastify-hooks.js';
import type { HostStatus } from './health.js';
import { HostModule } from './host.controller.js';
import type { JsonLimits } from './json-limits.js';
import { endTelemetry, ensureMetrics } from './metrics.js';
import { maxParamLength, refuseMethods } from './method-refusal.js';
import { ProblemFilter } from './problem.filter.js';
import { assertPolicies } from './route-policies.js';
import type { ServiceContext } from './service-context.js';

/** What a composition puts into one process. */
export interface HostOptions {
  readonly modules: readonly (DynamicModule | Type)[];
  /** The services behind the modules: health and letters are told, they are drained and closed with the host. */
  readonly services: readonly (Pick<ServiceContext, 'service' | 'checks' | 'drain' | 'close' | 'idempotency'> &
    WithLetters)[];
  readonly authenticator: Authenticator;
  readonly logger: Logger;
  readonly version: string;
  /** Routes the OpenAPI document tells of; default: all of the product. */
  readonly routes?: readonly RouteSpec[];
  readonly jsonLimits?: JsonLimits;
  /** Checks every answer against its declared shape: for tests and development. Default false. */
  readonly checkAnswers?: boolean;
  /** Runs on the bare server before any route is registered: the gateway's proxy, the dashboard's files. */
  readonly configure?: (server: FastifyInstance) => Promise<void> | void;
}

/** A running process: one HTTP server over one or several services. */
export interface Host {
  readonly app: NestFastifyApplication;
  /** Starts to listen; answers the URL. Port 0 takes a free one. */
  readonly listen: (port: number, host?: string) => Promise<string>;
  /** Stops HTTP, then consumers, then pools. May be called twice. */
  readonly close: () => Promise<void>;
}

const hourly = 3_600_000;

const createAdapter = (options: HostOptions): FastifyAdapter => {
  const adapter = new FastifyAdapter({
    bodyLimit: 1024 * 1024,
    requestTimeout: 120_000,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength },
    frameworkErrors: answerBadUrl,
  });
  const server = adapter.getInstance<FastifyInstance>();
  traceRequests(server);
  refuseMethods(server);
  admitEarly(server, options.authenticator);
  limitBodies(server, options.jsonLimits);
  return adapter;
};

const rootModule = (options: HostOptions, status: HostStatus): DynamicModule => {
  @Module({})
  class RootModule {}
  const routes = options.routes ?? Object.values(allRoutes);
  const logging = LoggerModule.forRoot({
    pinoHttp: {
      logger: options.logger,
      autoLogging: { ignore: (request) => /^\/(health|metrics)/.test(request.url ?? '') },
      quietReqLogger: true,
      serializers: {
        req: (request: { method: string; url: string }) => ({ method: request.method, url: request.url.split('?')[0] }),
        res: (response: { statusCode: number }) => ({ statusCode: response.statusCode }),
      },
    },
  });
  return {
    module: RootModule,
    imports: [
      logging,
      HostModule.of(status, routes, options.checkAnswers ?? false),
      ...options.modules,
      ...deadLetterModules(options.services),
    ],
  };
};

const statusOf = (options: HostOptions): HostStatus => ({
  services: options.services.map(({ service }) => service),
  version: options.version,
  checks: options.services.flatMap(({ checks }) => checks),
  draining: false,
});

/** What the framework says of itself: its troubles as they are, its wiring only at debug. */
const frameworkLog = (logger: Logger): LoggerService => {
  const at =
    (level: 'debug' | 'warn' | 'error') =>
    (message: unknown, ...rest: readonly unknown[]): void =>
      logger[level]({ context: rest.at(-1) }, String(message));
  return {
    log: at('debug'),
    debug: at('debug'),
    verbose: at('debug'),
    warn: at('warn'),
    error: at('error'),
    fatal: at('error'),
  };
};

const createApp = async (options: HostOptions, status: HostStatus): Promise<NestFastifyApplication> => {
  const adapter = createAdapter(options);
  const app = await NestFactory.create<NestFastifyApplication>(rootModule(options, status), adapter, {
    bodyParser: false,
    bufferLogs: true,
    abortOnError: false,
  });
  app.useLogger(frameworkLog(options.logger));
  app.useGlobalGuards(new AuthGuard(options.authenticator));
  app.useGlobalFilters(
    new ProblemFilter(({ error, ...fault }) => options.logger.error({ ...fault, err: error }, 'fault')),
  );
  await app.register(helmet, { contentSecurityPolicy: { directives: { 'script-src': ["'self'"] } } });
  await options.configure?.(adapter.getInstance<FastifyInstance>());
  assertPolicies(app);
  return app;
};

const purging = (options: HostOptions): NodeJS.Timeout =>
  setInterval(() => {
    for (const { idempotency } of options.services)
      idempotency
        .purge()
        .catch((error: unknown) => options.logger.warn({ err: error }, 'purge of idempotency keys failed'));
  }, hourly).unref();

const closeAll = async (options: HostOptions, app: NestFastifyApplication): Promise<void> => {
  await app.close();
  const drained = await Promise.allSettled(options.services.map((service) => service.drain()));
  const closed = await Promise.allSettled(options.services.map((service) => service.close()));
  const failures = [...drained, ...closed]
    .filter((each) => each.status === 'rejected')
    .map((each) => each.reason as unknown);
  for (const error of failures) options.logger.warn({ err: error }, 'the shutdown was not clean');
};

/**
 * Creates a process out of service modules: limits, tracing, authentication, policies, problems, health and metrics
 * are the same in every one. Refuses to start when a handler has no policy.
 */
export const createHost = async (options: HostOptions): Promise<Host> => {
  ensureMetrics();
  const status = statusOf(options);
  const app = await createApp(options, status);
  const timer = purging(options);
  const unwatch = watchParked(options.services.flatMap(({ letters }) => letters ?? []));
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    status.draining = true;
    clearInterval(timer);
    unwatch();
    return (closing ??= closeAll(options, app));
  };
  return {
    app,
    listen: async (port, host = '127.0.0.1') => {
      await app.listen(port, host);
      return (await app.getUrl()).replace('[::1]', '127.0.0.1');
    },
    close,
  };
};

/** Ends the process in order at SIGTERM or SIGINT, at the latest after ten seconds; more signals change nothing. */
export const closeOnSignals = (host: Pick<Host, 'close'>, logger: Logger): void => {
  let draining = false;
  const drain = (signal: NodeJS.Signals): void => {
    if (draining) return;
    draining = true;
    logger.info({ signal }, 'draining');
    setTimeout(() => process.exit(1), 10_000).unref();
    const end = host.close().then(endTelemetry);
    void end.then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', drain);
  process.on('SIGINT', drain);
};
