import { context, propagation, trace, type Context, type TextMapPropagator } from '@opentelemetry/api';
import { sampleEnvelope } from './contract.js';
import { inConsumerSpan, withTrace } from './tracing.js';

const parent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

/** The part of W3C trace context that this needs, without an SDK. */
const propagator: TextMapPropagator = {
  fields: () => ['traceparent'],
  inject: (from, carrier, setter) => {
    const span = trace.getSpanContext(from);
    if (span) setter.set(carrier, 'traceparent', `00-${span.traceId}-${span.spanId}-01`);
  },
  extract: (into, carrier, getter): Context => {
    const [, traceId, spanId] = String(getter.get(carrier, 'traceparent')).split('-');
    return traceId && spanId ? trace.setSpanContext(into, { traceId, spanId, traceFlags: 1 }) : into;
  },
};

describe('traces over the bus', () => {
  beforeAll(() => propagation.setGlobalPropagator(propagator));
  afterAll(() => propagation.disable());

  it('gives an envelope the running span, and leaves one alone that has a trace', () => {
    const running = propagation.extract(context.active(), { traceparent: parent });
    const manager = { active: () => running, with: jest.fn(), bind: jest.fn(), enable: jest.fn(), disable: jest.fn() };
    context.setGlobalContextManager(manager as never);
    expect(withTrace(sampleEnvelope(1)).traceparent).toBe(parent);
    expect(withTrace({ ...sampleEnvelope(1), traceparent: 'its own' }).traceparent).toBe('its own');
    context.disable();
  });

  it('adds nothing where no trace runs', () => {
    const envelope = sampleEnvelope(1);
    expect(withTrace(envelope)).toBe(envelope);
  });

  it('passes on what the handler gives or throws', async () => {
    const delivery = { topic: 't', key: 'k', attempt: 1, envelope: { ...sampleEnvelope(1), traceparent: parent } };
    expect(await inConsumerSpan('c', delivery, async () => 7)).toBe(7);
    await expect(inConsumerSpan('c', delivery, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  });
});
