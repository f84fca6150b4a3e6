import type { z } from 'zod';
import type { Action } from './actions.js';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * The service that answers a route; the gateway's proxy and the compositions read it. `host` is every process itself,
 * `each` the consuming service that the path's `{service}` names.
 */
export type OwningService =
  'registry' | 'validator' | 'orchestrator' | 'environment-agent' | 'audit' | 'gateway' | 'host' | 'each';

/** Who may call: an action of the role table, or nobody in particular with the reason why that is safe. */
export type RoutePolicy = { readonly action: Action } | { readonly public: string };

/** What a route says about itself; validation, types, OpenAPI, the SDK and the proxy derive from it. */
export interface RouteSpec {
  /** The operation id and the SDK's name for the call, such as `registerSchema`. */
  readonly id: string;
  readonly method: HttpMethod;
  /** With parameters in braces: `/api/v1/schemas/{id}`. */
  readonly path: `/${string}`;
  readonly service: OwningService;
  readonly summary: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly policy: RoutePolicy;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** Shapes of the successful answers by status; null is an answer without a body. The lowest is the default. */
  readonly responses: { readonly [status: number]: z.ZodType | null };
  /** Default: required on PUT, PATCH and DELETE, none elsewhere. */
  readonly ifMatch?: 'required' | 'optional' | 'none';
  /** Whether `Idempotency-Key` is honoured; default: on POST. false for a POST that changes nothing. */
  readonly idempotent?: boolean;
  /** true when the answer holds a secret: it is never stored, so a replayed idempotency key is refused (409). */
  readonly answerOnce?: boolean;
  /** Default 1 MiB. */
  readonly maxBodyBytes?: number;
  /** Media type of the successful answer when it is not `application/json`. */
  readonly mediaType?: string;
}

/** Size limit for routes that take definitions, in bytes. */
export const definitionBytes = 16 * 1024 * 1024;

/** Size limit for all other routes, in bytes. */
export const defaultBodyBytes = 1024 * 1024;

/** Declares a route once; throws at load time when its path and its parameters disagree. */
export const defineRoute = <const Spec extends RouteSpec>(spec: Spec): Spec => {
  const inPath = [...spec.path.matchAll(/\{([^}]+)\}/g)].map((match) => match[1] ?? '').sort();
  const inShape = Object.keys(spec.params?.shape ?? {}).sort();
  if (inPath.join() !== inShape.join())
    throw new Error(`route ${spec.id}: the path has {${inPath.join()}}, the params shape has {${inShape.join()}}`);
  if (Object.keys(spec.responses).length === 0) throw new Error(`route ${spec.id} has no response`);
  return spec;
};

/** Whether the route wants, takes or ignores `If-Match`. */
export const ifMatchOf = (route: RouteSpec): 'required' | 'optional' | 'none' =>
  route.ifMatch ?? (route.method === 'GET' || route.method === 'POST' ? 'none' : 'required');

/** Whether the route honours `Idempotency-Key`. */
export const isIdempotent = (route: RouteSpec): boolean => route.idempotent ?? route.method === 'POST';

/** The status a handler answers with unless it says otherwise: the lowest declared one. */
export const defaultStatus = (route: RouteSpec): number => Number(Object.keys(route.responses)[0]);

type Given<Spec, Key extends 'params' | 'query' | 'body'> = Spec extends {
  readonly [K in Key]: infer Shape extends z.ZodType;
}
  ? object extends z.input<Shape>
    ? { readonly [K in Key]?: z.input<Shape> }
    : { readonly [K in Key]: z.input<Shape> }
  : object;

type GivenMatch<Spec extends RouteSpec> = Spec extends { readonly ifMatch: 'none' }
  ? object
  : Spec extends { readonly ifMatch: 'required' }
    ? { readonly ifMatch: string }
    : Spec extends { readonly ifMatch: 'optional' }
      ? { readonly ifMatch?: string }
      : Spec['method'] extends 'GET' | 'POST'
        ? object
        : { readonly ifMatch: string };

/** What a caller of the route must give, before defaults are filled in; of several routes, what one of them takes. */
export type RouteInput<Spec extends RouteSpec> = Spec extends RouteSpec
  ? Given<Spec, 'params'> & Given<Spec, 'query'> & Given<Spec, 'body'> & GivenMatch<Spec>
  : never;

type Parsed<Spec, Key extends 'params' | 'query' | 'body'> = Spec extends {
  readonly [K in Key]: infer Shape extends z.ZodType;
}
  ? z.output<Shape>
  : undefined;

/** What a handler of the route gets, after validation and with defaults. */
export interface RouteRequest<Spec extends RouteSpec> {
  readonly params: Parsed<Spec, 'params'>;
  readonly query: Parsed<Spec, 'query'>;
  readonly body: Parsed<Spec, 'body'>;
}

type BodyOf<Shape> = Shape extends z.ZodType ? z.output<Shape> : undefined;

/** What the route answers when it succeeds: the union over its statuses. */
export type RouteOutput<Spec extends RouteSpec> = {
  [Status in keyof Spec['responses']]: BodyOf<Spec['responses'][Status]>;
}[keyof Spec['responses']];
