import { ApiProblem, ifMatchOf, type Code, type FieldError, type RouteSpec } from '@dsem/api';
import type { Principal } from '@dsem/authz';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { tracingOf, type RequestContext, type Tracing } from './request-context.js';

/** Key of a handler's `RouteSpec` in Nest's metadata. */
export const routeMetadata = 'dsem:route';

/** What a handler is given, before the decorator's type narrows it to its route. */
export interface AnyIncoming {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly ifMatch?: string;
  readonly principal: Principal;
  readonly context: RequestContext;
}

/** What the host remembers about a request while it is handled. */
interface RequestState {
  tracing?: Tracing;
  principal?: Principal;
  input?: AnyIncoming;
}

const states = new WeakMap<object, RequestState>();

/** The host's notes on a request; kept beside it, so that no header or body can ever set them. */
export const stateOf = (request: FastifyRequest): RequestState => {
  const known = states.get(request.raw);
  if (known !== undefined) return known;
  const fresh: RequestState = {};
  states.set(request.raw, fresh);
  return fresh;
};

/** Correlation and trace of a request, as the host read or made them. */
export const tracingOfRequest = (request: FastifyRequest): Tracing =>
  (stateOf(request).tracing ??= tracingOf(request.headers));

/** The validated input; throws when a handler is reached around the route interceptor. */
export const inputOf = (request: FastifyRequest): AnyIncoming => {
  const { input } = stateOf(request);
  if (input === undefined) throw new Error('@Input() needs @Route() on the same method');
  return input;
};

/** zod's issues as field errors under a place such as `body`. */
export const fieldErrors = (place: string, error: z.ZodError): FieldError[] =>
  error.issues.map((issue) => ({ path: [place, ...issue.path.map(String)].join('.'), message: issue.message }));

const refusal = (code: Code, errors: readonly FieldError[]): ApiProblem => {
  const said = errors.slice(0, 5).map(({ path, message }) => `${path}: ${message}`);
  return new ApiProblem(code, said.join('; '), { errors });
};

const parsePart = (shape: z.ZodType | undefined, place: string, value: unknown, code: Code): unknown => {
  if (shape === undefined) return undefined;
  const result = shape.safeParse(value === undefined ? {} : value);
  if (result.success) return result.data;
  throw refusal(code, fieldErrors(place, result.error));
};

/** How many names that are no parameters are told at most: an address may hold thousands. */
const mostNames = 20;

/** A mistyped filter that nobody heeds would answer with more than was asked for. */
const refuseUnknown = (route: RouteSpec, query: unknown): void => {
  const known = Object.keys(route.query?.shape ?? {});
  const unknown = Object.keys(query ?? {}).filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  const message = known.length === 0 ? 'there are none here' : `expected one of ${known.join(', ')}`;
  const errors = unknown.slice(0, mostNames).map((name) => ({ path: `query.${name}`, message }));
  throw refusal('DSEM-1003', errors);
};

/** Which of several values counts is not guessed; no parameter is a list. */
const refuseRepeated = (query: unknown): void => {
  const repeated = Object.entries(query ?? {}).flatMap(([name, value]) =>
    Array.isArray(value) ? [{ name, times: value.length }] : [],
  );
  if (repeated.length === 0) return;
  const told = (times: number): string => (times === 2 ? 'twice' : `${times} times`);
  const errors = repeated.map(({ name, times }) => ({
    path: `query.${name}`,
    message: `given ${told(times)}; give it once`,
  }));
  throw refusal('DSEM-1003', errors);
};

const parseIfMatch = (route: RouteSpec, request: FastifyRequest): string | undefined => {
  const wanted = ifMatchOf(route);
  const given = request.headers['if-match'];
  if (wanted === 'none') return undefined;
  if (given === undefined && wanted === 'required')
    throw new ApiProblem('DSEM-1010', `${route.method} ${route.path} needs If-Match`);
  return given;
};

/** Validates a request against its route: parameters and query first (400), of which none may be unknown or given twice, then the body (422). */
export const parseRequest = (
  route: RouteSpec,
  request: FastifyRequest,
): Pick<AnyIncoming, 'params' | 'query' | 'body' | 'ifMatch'> => {
  refuseNul(request.params, 'params');
  refuseNul(request.query, 'query');
  refuseUnknown(route, request.query);
  refuseRepeated(request.query);
  const params = parsePart(route.params, 'params', request.params, 'DSEM-1003');
  const query = parsePart(route.query, 'query', request.query, 'DSEM-1003');
  const ifMatch = parseIfMatch(route, request);
  const body = parsePart(route.body, 'body', request.body, 'DSEM-1002');
  return { params, query, body, ...(ifMatch === undefined ? {} : { ifMatch }) };
};

const refuseNul = (part: unknown, place: string): void => {
  for (const [name, value] of Object.entries(part ?? {}))
    if (String(value).includes('\0')) throw new ApiProblem('DSEM-1008', `${place}.${name} holds a NUL character`);
};
