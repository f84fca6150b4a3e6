import { metrics } from '@opentelemetry/api';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';

let exporter: PrometheusExporter | undefined;

/** The one reader of this process's metrics; it opens no port of its own. */
export const metricsReader = (): PrometheusExporter =>
  (exporter ??= new PrometheusExporter({ preventServerStart: true }));

const ends: (() => Promise<void>)[] = [];

/** Registers what sends the last spans and metrics before the process ends. */
export const onTelemetryEnd = (end: () => Promise<void>): void => void ends.push(end);

/** Sends what is left; a collector that does not answer must not fail the shutdown. */
export const endTelemetry = async (): Promise<void> => {
  await Promise.allSettled(ends.splice(0).map((end) => end()));
};

/** Starts the metrics of a process that was not started with `--import @dsem/service-host/otel`; does nothing otherwise. */
export const ensureMetrics = (): void => {
  if (exporter !== undefined) return;
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [metricsReader()] }));
};

/** All metrics in the Prometheus text format. */
export const collectMetrics = async (): Promise<string> => {
  const { resourceMetrics } = await metricsReader().collect();
  return new PrometheusSerializer('', false).serialize(resourceMetrics);
};
