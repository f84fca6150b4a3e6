import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { sampleEnvelope } from './contract.js';
import { inConsumerSpan, withTrace } from './tracing.js';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const traceparent = `00-${traceId}-b7ad6b7169203331-01`;

describe('traces over the bus', () => {
  beforeAll(() => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  });
  afterAll(() => {
    context.disable();
    propagation.disable();
  });

  it('runs the handler in the sender’s trace, so that what it publishes goes on with it', async () => {
    const delivery = { topic: 't', key: 'k', attempt: 1, envelope: { ...sampleEnvelope(1), traceparent } };
    const published = await inConsumerSpan('c', delivery, async () => {
      await Promise.resolve();
      return { trace: trace.getActiveSpan()?.spanContext().traceId, envelope: withTrace(sampleEnvelope(2)) };
    });
    expect(published.trace).toBe(traceId);
    expect(published.envelope.traceparent).toContain(traceId);
  });

  it('leaves an envelope alone that has a trace, or when none runs', () => {
    const own = { ...sampleEnvelope(1), traceparent };
    const none = sampleEnvelope(1);
    expect(withTrace(own)).toBe(own);
    expect(withTrace(none)).toBe(none);
  });

  it('passes on what the handler throws', async () => {
    const delivery = { topic: 't', key: 'k', attempt: 1, envelope: sampleEnvelope(1) };
    await expect(inConsumerSpan('c', delivery, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  });
});
