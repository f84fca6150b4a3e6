import { Readable } from 'node:stream';
import { defaultStatus, isIdempotent, ApiProblem, type RouteSpec } from '@dsem/api';
import {
  Inject,
  Injectable,
  Optional,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, map, mergeMap, of, catchError, type Observable } from 'rxjs';
import {
  digestOf,
  idempotencyKeyOf,
  type IdempotencyStore,
  type KeptAnswer,
  type KeyedRequest,
} from './idempotency.js';
import { knownProblem } from './problem.filter.js';
import { Reply, type ReplyOptions } from './reply.js';
import { contextOf, type RequestContext } from './request-context.js';
import { parseRequest, routeMetadata, stateOf, tracingOfRequest, type AnyIncoming } from './route-request.js';
import { SERVICE_CONTEXT } from './tokens.js';

/** Nest token: whether each answer is checked against its declared shape before it is sent. For tests and development. */
export const CHECK_ANSWERS = Symbol('dsem:check-answers');

const anonymous = { id: 'anonymous', kind: 'person', tenant: 'public', roles: [] } as const;

const quoted = (etag: string): string => (/^(W\/)?"/.test(etag) ? etag : `"${etag}"`);

const headersOf = (options: ReplyOptions): Record<string, string> => ({
  ...(options.etag === undefined ? {} : { etag: quoted(options.etag) }),
  ...(options.location === undefined ? {} : { location: options.location }),
  ...options.headers,
});

const keyedRequest = (route: RouteSpec, request: FastifyRequest, context: RequestContext): KeyedRequest | undefined => {
  const key = isIdempotent(route) ? idempotencyKeyOf(request.headers['idempotency-key']) : undefined;
  if (key === undefined) return undefined;
  const { tenant, actor } = context;
  return { tenant, actor, key, route: route.id, digest: digestOf(route.id, request.url, request.body) };
};

/** Stands between the router and every handler: validates once, replays keyed requests, turns results into answers. */
@Injectable()
export class RouteInterceptor implements NestInterceptor {
  constructor(
    @Optional() @Inject(SERVICE_CONTEXT) readonly service?: { readonly idempotency: IdempotencyStore },
    @Optional() @Inject(CHECK_ANSWERS) readonly checkAnswers = false,
  ) {}

  async intercept(execution: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const route = Reflect.getMetadata(routeMetadata, execution.getHandler()) as RouteSpec;
    const request = execution.switchToHttp().getRequest<FastifyRequest>();
    const response = execution.switchToHttp().getResponse<FastifyReply>();
    const input = admit(route, request);
    const keyed = keyedRequest(route, request, input.context);
    const store = this.service?.idempotency;
    stateOf(request).input = input;
    if (keyed === undefined || store === undefined)
      return next.handle().pipe(map((result) => this.#sent(response, route, result)));
    const begun = await store.begin(keyed);
    if ('kept' in begun) return of(send(response, route, replayed(route, begun.kept)));
    const context = { ...input.context, causationId: begun.command, once: true } as const;
    stateOf(request).input = { ...input, context };
    return this.#once(store, keyed, route, response, next);
  }

  #once(
    store: IdempotencyStore,
    keyed: KeyedRequest,
    route: RouteSpec,
    response: FastifyReply,
    next: CallHandler,
  ): Observable<unknown> {
    const work = async (result: unknown): Promise<unknown> => {
      const answer = this.#answerOf(route, result);
      await store.finish(keyed, route.answerOnce === true ? { ...answer, body: null } : answer);
      return send(response, route, answer);
    };
    const end = async (error: unknown): Promise<never> => {
      await settle(store, keyed, route, error);
      throw error;
    };
    return next.handle().pipe(
      mergeMap((result) => from(work(result))),
      catchError((error: unknown) => from(end(error))),
    );
  }

  /** A stream goes out as it is read; everything else is an answer of known length. */
  #sent(response: FastifyReply, route: RouteSpec, result: unknown): unknown {
    if (!(result instanceof Reply && result.body instanceof Readable))
      return send(response, route, this.#answerOf(route, result));
    const status = result.options.status ?? defaultStatus(route);
    send(response, route, { status, headers: headersOf(result.options), body: null });
    return result.body;
  }

  #answerOf(route: RouteSpec, result: unknown): KeptAnswer {
    const { body, options } = result instanceof Reply ? result : new Reply(result, {});
    const status = options.status ?? defaultStatus(route);
    if (this.checkAnswers) route.responses[status]?.parse(body);
    const text = typeof body === 'string' && route.mediaType !== undefined ? body : JSON.stringify(body ?? null);
    return { status, headers: headersOf(options), body: text };
  }
}

const admit = (route: RouteSpec, request: FastifyRequest): AnyIncoming => {
  const state = stateOf(request);
  const principal = state.principal ?? anonymous;
  const tracing = tracingOfRequest(request);
  return { ...parseRequest(route, request), principal, context: contextOf(principal, tracing) };
};

/** What becomes of a key whose request gave no answer. */
const settle = (store: IdempotencyStore, keyed: KeyedRequest, route: RouteSpec, error: unknown): Promise<void> => {
  const { code, status = 500 } = knownProblem(error) ?? {};
  // The work was done before, and its answer held a secret: nobody can give that again.
  if (code === answerLost) return store.finish(keyed, { status: defaultStatus(route), headers: {}, body: null });
  return status < 500 ? store.abandon(keyed) : store.release(keyed);
};

const answerLost = 'DSEM-4014';

const replayed = (route: RouteSpec, kept: KeptAnswer): KeptAnswer => {
  if (kept.body === null) throw new ApiProblem(answerLost, `${route.id} succeeded before with this idempotency key`);
  return { ...kept, headers: { ...kept.headers, 'idempotent-replayed': 'true' } };
};

/** Whether a reader has this very answer already (`If-None-Match`). */
const isKnown = (route: RouteSpec, { request }: FastifyReply, { status, headers }: KeptAnswer): boolean => {
  const known = request.headers['if-none-match'];
  if (route.method !== 'GET' || status !== 200 || known === undefined || headers['etag'] === undefined) return false;
  return known.split(',').some((each) => each.trim().replace(/^W\//, '') === headers['etag'] || each.trim() === '*');
};

const unchanged = (response: FastifyReply, { headers }: KeptAnswer): undefined => {
  void response.status(304);
  for (const [name, value] of Object.entries(headers)) void response.header(name, value);
};

/** Sets status and headers; what it returns is sent as it is. Null in `responses` means that there is no body. */
const send = (response: FastifyReply, route: RouteSpec, answer: KeptAnswer): string | undefined => {
  if (isKnown(route, response, answer)) return unchanged(response, answer);
  void response.status(answer.status);
  for (const [name, value] of Object.entries(answer.headers)) void response.header(name, value);
  if (route.responses[answer.status] === null) return undefined;
  void response.header('content-type', route.mediaType ?? 'application/json; charset=utf-8');
  return answer.body ?? undefined;
};
