import { ApiProblem, consumingServices, defaultBodyBytes, routes as allRoutes, type RouteSpec } from '@dsem/api';
import type { Principal } from '@dsem/authz';
import {
  admitTo,
  answerProblem,
  mintServiceToken,
  nestPath,
  tracingOfRequest,
  type Authenticator,
  type Infrastructure,
  type TokenKey,
} from '@dsem/service-host';
import replyFrom from '@fastify/reply-from';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Where requests for the other services go. */
export interface ProxyOptions {
  readonly addressOf: (service: string) => string;
  readonly authenticator: Authenticator;
  readonly tokenKey: TokenKey;
  /** Is told why a service did not answer; its caller is not. */
  readonly logger: Pick<Infrastructure['logger'], 'warn'>;
  /** Default: all routes that are neither the gateway's nor every process's own. */
  readonly routes?: readonly RouteSpec[];
  /** How long a service may take, in ms; default 60,000. */
  readonly timeoutMs?: number;
}

/** What a caller may tell a service; everything else, hop-by-hop headers and cookies among it, stays here. */
const passed = ['accept', 'content-type', 'idempotency-key', 'if-match', 'if-none-match'] as const;

const anonymous: Principal = { id: 'anonymous', kind: 'person', tenant: 'public', roles: [] };

const headersFor = (request: FastifyRequest, token: string): Record<string, string> => {
  const { correlationId, traceparent } = tracingOfRequest(request);
  const kept = passed.flatMap((name): [string, string][] => {
    const value = request.headers[name];
    return typeof value === 'string' ? [[name, value]] : [];
  });
  const own = { authorization: `Bearer ${token}`, 'x-correlation-id': correlationId, traceparent };
  return { ...Object.fromEntries(kept), ...own };
};

const failureOf = (service: string, error: Error): ApiProblem =>
  /timeout/i.test(`${error.name} ${error.message} ${'code' in error ? String(error.code) : ''}`)
    ? new ApiProblem('DSEM-9004', `${service} took too long`)
    : new ApiProblem('DSEM-9003', `${service} did not answer`);

/** No more of an error than these: what the HTTP client adds to one may hold bytes of the answer. */
const reasonOf = (error: Error): Record<string, unknown> => {
  const { name, message, code } = (error.cause ?? error) as Error & { readonly code?: unknown };
  return { name, message, code };
};

/** Tells the log why, and the caller that: both by the same correlation id. */
const answerFor = (
  { service, id }: { readonly service: string; readonly id: string },
  error: Error,
  response: FastifyReply,
  { addressOf, logger }: ProxyOptions,
): void => {
  const problem = failureOf(service, error);
  const { correlationId } = tracingOfRequest(response.request);
  const { origin } = new URL(addressOf(service));
  logger.warn(
    { code: problem.code, service, origin, route: id, reason: reasonOf(error), correlationId },
    problem.message,
  );
  answerProblem(problem, response);
};

const step = /(^|\/)(\.|%2e){1,2}(\/|$)/i;

/**
 * The address behind. A request line may name a whole URL, of which only the path counts here: its host is not ours to
 * ask. A step such as `..` would be taken on the way there and end at another route than the one that was admitted.
 */
const targetOf = (requested: string, base: string): string => {
  const [path = ''] = requested.split(/[?#]/, 1);
  if (step.test(path)) throw new ApiProblem('DSEM-1015', 'the path holds . or .. as a step');
  const { pathname, search } = new URL(requested, base);
  return new URL(base).origin + pathname + search;
};

/** The service behind: the route's own, or the one that the path names. @throws ApiProblem DSEM-1003 */
const serviceOf = (route: RouteSpec, request: FastifyRequest): string => {
  if (route.service !== 'each') return route.service;
  const { service } = request.params as { readonly service: string };
  const known: readonly string[] = consumingServices;
  if (known.includes(service)) return service;
  const message = `expected one of ${known.join(', ')}`;
  throw new ApiProblem('DSEM-1003', `params.service: ${message}`, { errors: [{ path: 'params.service', message }] });
};

const forward = async (route: RouteSpec, request: FastifyRequest, response: FastifyReply, options: ProxyOptions) => {
  const service = serviceOf(route, request);
  const principal = (request as { principal?: Principal }).principal ?? anonymous;
  const token = await mintServiceToken(principal, service, options.tokenKey);
  const headers = headersFor(request, token);
  return response.from(targetOf(request.url, options.addressOf(service)), {
    // The parsed body goes on as JSON; its length is counted anew.
    rewriteRequestHeaders: (_, { 'content-length': length }) =>
      length === undefined ? headers : { ...headers, 'content-length': length },
    onError: (_, { error }) => answerFor({ service, id: route.id }, error, response, options),
  });
};

/**
 * Forwards the routes of the other services: authenticates before a body is read, mints the token that tells the
 * service who asks, passes correlation, trace, idempotency and ETags on, and answers 502 or 504 for a silent service.
 */
export const proxyRoutes = async (server: FastifyInstance, options: ProxyOptions): Promise<void> => {
  const timeout = options.timeoutMs ?? 60_000;
  await server.register(replyFrom, {
    undici: { headersTimeout: timeout, bodyTimeout: timeout },
    disableRequestLogging: true,
  });
  server.decorateRequest('principal', undefined);
  const routes: readonly RouteSpec[] = options.routes ?? Object.values(allRoutes);
  for (const route of routes.filter(({ service }) => service !== 'gateway' && service !== 'host'))
    server.route({
      method: route.method,
      url: nestPath(route.path),
      bodyLimit: route.maxBodyBytes ?? defaultBodyBytes,
      config: { maxBodyBytes: route.maxBodyBytes },
      onRequest: async (request) => {
        const principal = await admitTo(route, request, options.authenticator);
        (request as { principal?: Principal }).principal = principal ?? anonymous;
      },
      handler: (request, response) => forward(route, request, response, options),
    });
};
