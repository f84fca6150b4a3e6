// Loaded before everything else: `node --import @dsem/service-host/otel apps/<service>/dist/main.js`.
import { register } from 'node:module';
import { startTelemetry } from './telemetry.js';

register('@opentelemetry/instrumentation/hook.mjs', import.meta.url);
startTelemetry(process.env, process.argv[1]);
