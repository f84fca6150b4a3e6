import {
  isIdempotent,
  problemSchema,
  type Problem,
  type RouteInput,
  type RouteOutput,
  type RouteSpec,
} from '@dsem/api';
import { ConnectionError, NotAvailable, SdkError } from './errors.js';
import type { Log } from './logging.js';

/** What one request may decide for itself. */
export interface CallOptions {
  /** Default: a new one per call; give your own to repeat a call safely after a restart. */
  readonly idempotencyKey?: string;
  /** Shared by everything that this call causes. */
  readonly correlationId?: string;
  readonly signal?: AbortSignal;
}

/** An answer with what stood beside its body. */
export interface Answered<Body> {
  readonly body: Body;
  readonly status: number;
  readonly etag?: string;
  readonly location?: string;
}

/** How the SDK reaches a server. */
export interface TransportOptions {
  readonly endpoint: string;
  readonly apiKey?: string | undefined;
  readonly fetch: typeof globalThis.fetch;
  readonly timeoutMs: number;
  readonly log: Log;
  /** How often a call that is safe to repeat is tried; default 4. */
  readonly tries?: number;
}

/** The parts of a request, whatever its route. */
interface AnyInput {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly ifMatch?: string;
}

const urlOf = (endpoint: string, route: RouteSpec, { params = {}, query = {} }: AnyInput): string => {
  const path = route.path.replace(/\{([^}]+)\}/g, (_, name: string) => encodeURIComponent(String(params[name])));
  const url = new URL(endpoint.replace(/\/+$/, '') + path);
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value));
  return url.href;
};

/** A GET, a POST that changes nothing, and a POST with an idempotency key have the same effect when sent twice. */
const repeatable = (route: RouteSpec): boolean => route.method === 'GET' || route.method === 'POST';

const headersOf = (route: RouteSpec, input: AnyInput, options: CallOptions, apiKey: string | undefined) => ({
  accept: `${route.mediaType ?? 'application/json'}, application/problem+json`,
  ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
  ...(input.body === undefined ? {} : { 'content-type': 'application/json' }),
  ...(input.ifMatch === undefined ? {} : { 'if-match': input.ifMatch }),
  ...(isIdempotent(route) ? { 'idempotency-key': options.idempotencyKey ?? crypto.randomUUID() } : {}),
  ...(options.correlationId === undefined ? {} : { 'x-correlation-id': options.correlationId }),
});

const pause = (ms: number, signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason instanceof Error ? signal.reason : new Error('aborted'));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    if (signal?.aborted === true) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });

const retryAfter = (response: Response | undefined, attempt: number): number => {
  const seconds = Number(response?.headers.get('retry-after') ?? NaN);
  return Number.isFinite(seconds) ? Math.min(seconds, 30) * 1000 : Math.min(200 * 2 ** attempt, 5000);
};

/** What a server answers to a call that it does not have, or not yet. */
const unavailable = new Set(['DSEM-1009', 'DSEM-1016', 'DSEM-9005']);

const busy = new Set([429, 502, 503, 504]);
/** Answers only while another try with the same key is in progress. */
const stillRunning = 'DSEM-4005';

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const foreign = (response: Response, url: string): Problem => ({
  type: 'about:blank',
  title: 'The answer is not from a schema evolution server',
  status: Math.max(response.status, 400),
  detail: `${url} answered with status ${response.status}`,
  code: 'DSEM-9003',
  fix: 'Check the endpoint, and proxies on the way to it.',
});

const refusal = (response: Response, text: string, url: string): SdkError => {
  const parsed = problemSchema.safeParse(parse(text));
  const problem = parsed.success ? parsed.data : foreign(response, url);
  const correlationId = response.headers.get('x-correlation-id') ?? undefined;
  return unavailable.has(problem.code)
    ? new NotAvailable(problem, correlationId)
    : new SdkError(problem, correlationId);
};

/** Sends requests of the route table: keys, tries, problems, headers. */
export class Transport {
  constructor(readonly options: TransportOptions) {}

  /** Sends one request, again while that is safe and promises something. @throws SdkError, ConnectionError */
  async send<Route extends RouteSpec>(
    route: Route,
    input: RouteInput<Route>,
    options: CallOptions = {},
  ): Promise<Answered<RouteOutput<Route>>> {
    const { endpoint, apiKey, tries = 4 } = this.options;
    const given: AnyInput = input;
    const url = urlOf(endpoint, route, given);
    const headers = headersOf(route, given, options, apiKey);
    const init = {
      method: route.method,
      headers,
      ...(given.body === undefined ? {} : { body: JSON.stringify(given.body) }),
    };
    for (let attempt = 0; ; attempt++) {
      const last = attempt + 1 >= tries || !repeatable(route);
      const result = await this.#attempt(route, url, init, options.signal, last);
      if (result.done) return this.#answer(route, result.response, result.text, url);
      this.options.log('warn', `${route.id} was not answered, trying again`);
      await pause(retryAfter(result.response, attempt), options.signal);
    }
  }

  async #attempt(
    route: RouteSpec,
    url: string,
    init: RequestInit & { method: string },
    signal: AbortSignal | undefined,
    last: boolean,
  ) {
    const { fetch, timeoutMs, log } = this.options;
    const limit = AbortSignal.timeout(timeoutMs);
    try {
      const response = await fetch(url, {
        ...init,
        redirect: 'error',
        signal: signal ? AbortSignal.any([signal, limit]) : limit,
      });
      const text = await response.text();
      log('debug', `${init.method} ${url} ${response.status}`);
      const busyNow = busy.has(response.status) && !(response.status in route.responses);
      const again = busyNow || (response.status === 409 && text.includes(stillRunning));
      return last || !again ? ({ done: true, response, text } as const) : ({ done: false, response } as const);
    } catch (cause) {
      log('debug', `${init.method} ${url} failed: ${String(cause)}`);
      if (last || signal?.aborted === true) throw new ConnectionError(init.method, url, { cause });
      return { done: false, response: undefined } as const;
    }
  }

  #answer<Route extends RouteSpec>(
    route: Route,
    response: Response,
    text: string,
    url: string,
  ): Answered<RouteOutput<Route>> {
    if (!(response.status in route.responses)) throw refusal(response, text, url);
    const body: unknown = route.mediaType === undefined ? (text === '' ? undefined : parse(text)) : text;
    if (body === undefined && text !== '') throw new SdkError(foreign(response, url));
    this.options.log('verbose', `${route.id} answered ${text.length} characters`);
    const etag = response.headers.get('etag');
    const location = response.headers.get('location');
    return {
      body: body as RouteOutput<Route>,
      status: response.status,
      ...(etag === null ? {} : { etag }),
      ...(location === null ? {} : { location }),
    };
  }
}
