import { defaultStatus, type RouteSpec } from '@dsem/api';
import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import { contextOf, tracingOf } from './request-context.js';
import { Reply, type ReplyOptions } from './reply.js';
import { parseRequest, routeMetadata, stateOf } from './route-request.js';

const quoted = (etag: string): string => (/^(W\/)?"/.test(etag) ? etag : `"${etag}"`);

const setHeaders = (response: FastifyReply, options: ReplyOptions): void => {
  if (options.etag !== undefined) void response.header('etag', quoted(options.etag));
  if (options.location !== undefined) void response.header('location', options.location);
  for (const [name, value] of Object.entries(options.headers ?? {})) void response.header(name, value);
};

/** Stands between the router and every handler: validates once, then turns the handler's result into the answer. */
@Injectable()
export class RouteInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const route = Reflect.getMetadata(routeMetadata, context.getHandler()) as RouteSpec;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const response = context.switchToHttp().getResponse<FastifyReply>();
    this.#admit(route, request);
    return next.handle().pipe(map((result) => this.#answer(route, response, result)));
  }

  #admit(route: RouteSpec, request: FastifyRequest): void {
    const state = stateOf(request);
    const principal = state.principal ?? { id: 'anonymous', kind: 'person', tenant: 'public', roles: [] };
    const tracing = (state.tracing ??= tracingOf(request.headers));
    state.input = { ...parseRequest(route, request), principal, context: contextOf(principal, tracing) };
  }

  #answer(route: RouteSpec, response: FastifyReply, result: unknown): unknown {
    const answer = result instanceof Reply ? result : new Reply(result, {});
    void response.status(answer.options.status ?? defaultStatus(route));
    if (route.mediaType !== undefined) void response.header('content-type', route.mediaType);
    setHeaders(response, answer.options);
    return answer.body;
  }
}
