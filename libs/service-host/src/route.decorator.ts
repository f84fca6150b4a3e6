import { defaultStatus, type RouteOutput, type RouteRequest, type RouteSpec } from '@dsem/api';
import type { Principal } from '@dsem/authz';
import {
  applyDecorators,
  createParamDecorator,
  HttpCode,
  RequestMapping,
  RequestMethod,
  SetMetadata,
  UseInterceptors,
  type ExecutionContext,
} from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import type { RequestContext } from './request-context.js';
import { RouteInterceptor } from './route.interceptor.js';
import { inputOf, routeMetadata } from './route-request.js';

/** A handler's one argument: the validated request, who asks, and what later events must carry. */
export interface Incoming<Route extends RouteSpec> extends RouteRequest<Route> {
  /** Present when the route takes `If-Match` and the caller sent it; with its quotes. */
  readonly ifMatch?: string;
  readonly principal: Principal;
  readonly context: RequestContext;
}

/** The body a handler of `Route` returns, bare or through `reply`. */
export type Answer<Route extends RouteSpec> = RouteOutput<Route>;

/** Nest's spelling of a route's path: `{id}` becomes `:id`. */
export const nestPath = (path: string): string => path.replace(/\{([^}]+)\}/g, ':$1');

/**
 * Binds a controller method to a route of `@dsem/api`: method, path, status, policy, validation, idempotency.
 * The class itself carries `@Controller()` without a prefix.
 */
export const Route = (route: RouteSpec): MethodDecorator =>
  applyDecorators(
    RequestMapping({ path: nestPath(route.path), method: RequestMethod[route.method] }),
    HttpCode(defaultStatus(route)),
    SetMetadata(routeMetadata, route),
    RouteConfig({ maxBodyBytes: route.maxBodyBytes, route }),
    UseInterceptors(RouteInterceptor),
  );

/** Hands the handler its `Incoming<typeof theRoute>`. */
export const Input: () => ParameterDecorator = createParamDecorator((_: unknown, context: ExecutionContext) =>
  inputOf(context.switchToHttp().getRequest<FastifyRequest>()),
);
