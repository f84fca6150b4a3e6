import { ApiProblem } from '@dsem/api';
import pRetry, { AbortError } from 'p-retry';

/** Reads what never changes (definitions, plans) from the service that owns it, once. */
export interface ImmutableClient {
  /**
   * The JSON at an address such as `/api/v1/definitions/sha256:...`.
   * @throws ApiProblem DSEM-4001 when it does not exist, DSEM-9003 when the owner does not answer
   */
  readonly get: (path: string) => Promise<unknown>;
  /**
   * What stands there at this moment: asked anew each time, and never kept. For the rare thing that only its owner knows
   * so soon. @throws ApiProblem like `get`
   */
  readonly now: (path: string) => Promise<unknown>;
}

export interface ImmutableClientOptions {
  /** Address of the owner, or of the gateway in front of it; asked before each request. */
  readonly baseUrl: () => string;
  /** What follows `Bearer `; asked before each request, so it may be short-lived. */
  readonly bearer: () => Promise<string>;
  /** How many answers are kept; the oldest use goes first. Default 500. */
  readonly keep?: number;
  /** How often an owner that cannot be reached, or forbids it, is asked again; default 5, over about 6 s. */
  readonly retries?: number;
}

/** The bearer is for the owner alone: a path that leads to another host is refused. */
const addressOf = (baseUrl: string, path: string): URL => {
  const address = new URL(path, baseUrl);
  if (address.origin !== new URL(baseUrl).origin)
    throw new AbortError(new ApiProblem('DSEM-9003', `${path} is not an address of its owner`));
  return address;
};

const unreachable = (address: URL, cause: unknown): ApiProblem =>
  new ApiProblem('DSEM-9003', `${address.pathname} cannot be read from ${address.host}`, { cause });

const ask = async (options: ImmutableClientOptions, address: URL): Promise<Response> => {
  const headers = { authorization: `Bearer ${await options.bearer()}`, accept: 'application/json' };
  return fetch(address, { headers, redirect: 'error', signal: AbortSignal.timeout(30_000) });
};

/** An owner may hear a moment later than the reader that the reader is concerned, and forbids it until then. */
const passing = (status: number): boolean => status >= 500 || status === 429 || status === 403;

const fetchOnce = async (options: ImmutableClientOptions, path: string): Promise<unknown> => {
  const address = addressOf(options.baseUrl(), path);
  const failed = (cause: unknown): never => {
    throw unreachable(address, cause);
  };
  const response = await ask(options, address).catch(failed);
  if (response.ok) return response.json().catch(failed);
  await response.body?.cancel();
  if (response.status === 404) throw new AbortError(new ApiProblem('DSEM-4001', `there is no ${path}`));
  const problem = new ApiProblem('DSEM-9003', `${path} was answered with status ${response.status}`);
  throw passing(response.status) ? problem : new AbortError(problem);
};

/** A client with a bounded memory of what it has read. */
export const immutableClient = (options: ImmutableClientOptions): ImmutableClient => {
  const known = new Map<string, unknown>();
  const keep = options.keep ?? 500;
  const remember = (path: string, value: unknown): unknown => {
    known.delete(path);
    known.set(path, value);
    const oldest = known.keys().next();
    if (known.size > keep && oldest.done !== true) known.delete(oldest.value);
    return value;
  };
  const retry = { retries: options.retries ?? 5, minTimeout: 200, maxTimeout: 3000, factor: 2 };
  const now = (path: string): Promise<unknown> => pRetry(() => fetchOnce(options, path), retry);
  return {
    get: async (path) => remember(path, known.has(path) ? known.get(path) : await now(path)),
    now,
  };
};
