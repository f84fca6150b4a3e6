import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { KafkaJsInstrumentation } from '@opentelemetry/instrumentation-kafkajs';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { envDetector } from '@opentelemetry/resources';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { metricsReader, onTelemetryEnd } from './metrics.js';

/** `…/apps/registry/dist/main.js` is `dsem-registry`. */
export const serviceNameOf = (program: string): string =>
  `dsem-${/apps[\\/]([a-z-]+)[\\/]/.exec(program)?.[1] ?? 'process'}`;

/**
 * Starts traces and metrics of this process. Traces go out by OTLP when `OTEL_EXPORTER_OTLP_ENDPOINT` (or the traces'
 * own variable) is set; metrics are read at `/metrics`. Of the resource only the environment tells (`OTEL_SERVICE_NAME`,
 * `OTEL_RESOURCE_ATTRIBUTES`): other detectors would tell arguments and owner.
 */
export const startTelemetry = (env: Readonly<Record<string, string | undefined>>, program = ''): NodeSDK => {
  const exporting = (env['OTEL_EXPORTER_OTLP_ENDPOINT'] ?? env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']) !== undefined;
  const sdk = new NodeSDK({
    serviceName: env['OTEL_SERVICE_NAME'] ?? serviceNameOf(program),
    resourceDetectors: [envDetector],
    metricReaders: [metricsReader()],
    instrumentations: [new HttpInstrumentation(), new PgInstrumentation(), new KafkaJsInstrumentation()],
    ...(exporting ? { traceExporter: new OTLPTraceExporter() } : { spanProcessors: [] }),
  });
  sdk.start();
  onTelemetryEnd(() => sdk.shutdown());
  return sdk;
};
