import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Envelope } from '@dsem/events';
import type { Delivery } from './bus.js';

const tracer = trace.getTracer('@dsem/messaging');

/** Gives an envelope without a `traceparent` the one of the running span, so that the reader continues the trace. */
export const withTrace = (envelope: Envelope): Envelope => {
  if (envelope.traceparent !== undefined) return envelope;
  const carrier: { traceparent?: string } = {};
  propagation.inject(context.active(), carrier);
  return carrier.traceparent === undefined ? envelope : { ...envelope, traceparent: carrier.traceparent };
};

/** Runs a handler inside a span that continues the sender's trace. Costs nothing where no SDK is set up. */
export const inConsumerSpan = <T>(consumer: string, delivery: Delivery, work: () => Promise<T>): Promise<T> => {
  const { topic, key, envelope } = delivery;
  const parent = propagation.extract(context.active(), { traceparent: envelope.traceparent });
  const attributes = {
    'messaging.operation.name': 'process',
    'messaging.destination.name': topic,
    'messaging.consumer.group.name': consumer,
    'messaging.message.id': envelope.id,
    'dsem.stream': key,
    'dsem.event.type': envelope.type,
  };
  return tracer.startActiveSpan(`process ${envelope.type}`, { kind: SpanKind.CONSUMER, attributes }, parent, (span) =>
    work()
      .catch((error: unknown) => {
        span.recordException(error instanceof Error ? error : String(error));
        span.setStatus({ code: SpanStatusCode.ERROR });
        throw error;
      })
      .finally(() => span.end()),
  );
};
