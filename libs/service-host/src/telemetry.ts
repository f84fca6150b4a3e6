import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { KafkaJsInstrumentation } from '@opentelemetry/instrumentation-kafkajs';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { metricsReader, onTelemetryEnd } from './metrics.js';

/**
 * Starts traces and metrics of this process. Traces go out by OTLP when `OTEL_EXPORTER_OTLP_ENDPOINT` (or the traces'
 * own variable) is set; metrics are read at `/metrics`. No resource detectors: they would tell arguments and owner.
 */
export const startTelemetry = (env: Readonly<Record<string, string | undefined>>): NodeSDK => {
  const exporting = (env['OTEL_EXPORTER_OTLP_ENDPOINT'] ?? env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']) !== undefined;
  const sdk = new NodeSDK({
    resourceDetectors: [],
    metricReaders: [metricsReader()],
    instrumentations: [new HttpInstrumentation(), new PgInstrumentation(), new KafkaJsInstrumentation()],
    ...(exporting ? { traceExporter: new OTLPTraceExporter() } : { spanProcessors: [] }),
  });
  sdk.start();
  onTelemetryEnd(() => sdk.shutdown());
  return sdk;
};
