import { z } from 'zod';
import { defineRoute } from './define-route.js';

/** One part of a health answer. */
export const checkSchema = z
  .object({ status: z.enum(['up', 'down']), detail: z.string().optional() })
  .meta({ id: 'HealthCheck' });

/** Whether a process works, and which of its parts does not. */
export const healthSchema = z
  .object({
    status: z.enum(['ok', 'draining', 'failing']),
    services: z.array(z.string()),
    version: z.string(),
    checks: z.record(z.string(), checkSchema),
  })
  .meta({ id: 'Health' });
export type Health = z.infer<typeof healthSchema>;

const health = (id: string, path: `/${string}`, summary: string) =>
  ({
    id,
    method: 'GET',
    path,
    service: 'host',
    summary,
    tags: ['Health'],
    policy: { public: 'tells only up or down, for load balancers and probes' },
    responses: { 200: healthSchema, 503: healthSchema },
  }) as const;

/** What every process answers by itself. */
export const hostRoutes = {
  health: defineRoute({
    ...health('health', '/health', 'Health of the process and of what it depends on'),
    id: 'health',
  }),
  live: defineRoute({ ...health('live', '/health/live', 'Whether the process runs'), id: 'live' }),
  ready: defineRoute({ ...health('ready', '/health/ready', 'Whether the process takes requests'), id: 'ready' }),
  metrics: defineRoute({
    id: 'metrics',
    method: 'GET',
    path: '/metrics',
    service: 'host',
    summary: 'Metrics in the Prometheus text format',
    tags: ['Health'],
    policy: { public: 'scraped inside the network; holds no names of users or schemas' },
    mediaType: 'text/plain; version=0.0.4; charset=utf-8',
    responses: { 200: z.string() },
  }),
  openapi: defineRoute({
    id: 'openapi',
    method: 'GET',
    path: '/api/v1/openapi.json',
    service: 'host',
    summary: 'This interface as OpenAPI 3.1',
    tags: ['Health'],
    policy: { public: 'the interface itself is no secret' },
    responses: { 200: z.looseObject({}) },
  }),
} as const;
