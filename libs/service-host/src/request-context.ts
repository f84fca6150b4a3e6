import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes, randomUUID } from 'node:crypto';
import { actorOf, type Principal } from '@dsem/authz';
import { isSpanContextValid, trace } from '@opentelemetry/api';
import type { FastifyRequest } from 'fastify';

/** What every event that a request causes must carry; the same names as the event store's metadata. */
export interface RequestContext {
  readonly tenant: string;
  readonly actor: string;
  /** The caller's `x-correlation-id`, or a new one; shared by everything that follows. */
  readonly correlationId: string;
  /** Id of this request: the command that events name as their cause. */
  readonly causationId: string;
  /** W3C trace context of this request. */
  readonly traceparent: string;
  /** Present where the caller may repeat the request under the same `causationId`: its commands take effect once. */
  readonly once?: true;
}

/** The part of the context that is known before anybody is authenticated. */
export type Tracing = Pick<RequestContext, 'correlationId' | 'causationId' | 'traceparent'>;

const storage = new AsyncLocalStorage<Tracing>();

/** Correlation and trace of the request in hand, for log lines; undefined outside of one. */
export const currentTracing = (): Tracing | undefined => storage.getStore();

/** Runs `work` under a tracing of its own: consumers and jobs use it for their log lines. */
export const withTracing = <Result>(tracing: Tracing, work: () => Result): Result => storage.run(tracing, work);

const correlation = /^[\x21-\x7e]{1,100}$/;
const traceparentShape = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

const single = (value: string | string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;

const acceptable = (value: string | undefined, shape: RegExp): string | undefined =>
  value !== undefined && shape.test(value) ? value : undefined;

/** The span of this request where telemetry runs. */
const activeTraceparent = (): string | undefined => {
  const span = trace.getActiveSpan()?.spanContext();
  if (span === undefined || !isSpanContextValid(span)) return undefined;
  return `00-${span.traceId}-${span.spanId}-${span.traceFlags.toString(16).padStart(2, '0')}`;
};

/** Reads correlation id and trace from the headers; what is missing or malformed is made anew, never refused. */
export const tracingOf = (headers: FastifyRequest['headers']): Tracing => ({
  correlationId: acceptable(single(headers['x-correlation-id']), correlation) ?? randomUUID(),
  causationId: randomUUID(),
  traceparent:
    activeTraceparent() ??
    acceptable(single(headers['traceparent']), traceparentShape) ??
    `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`,
});

/** The context of an authenticated request. */
export const contextOf = (principal: Principal, tracing: Tracing): RequestContext => ({
  tenant: principal.tenant,
  actor: actorOf(principal),
  correlationId: tracing.correlationId,
  causationId: tracing.causationId,
  traceparent: tracing.traceparent,
});
