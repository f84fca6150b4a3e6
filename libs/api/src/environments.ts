import { digestShape, engineNameShape, nameShape } from '@dsem/schema';
import { z } from 'zod';
import { defineRoute } from './define-route.js';
import { page, pageQuery } from './paging.js';
import { roleSchema } from './keys.js';

export const environmentTypeSchema = z.enum(['development', 'staging', 'production', 'disaster-recovery']);

/** What must hold before something runs in an environment. */
export const policySchema = z
  .strictObject({
    validation: z
      .enum(['relaxed', 'strict'])
      .describe('relaxed lets an incompatible version through; strict refuses it'),
    approvals: z.int().min(0).max(10),
    authorMayApprove: z.boolean(),
    approverRoles: z.array(roleSchema).min(1),
    allowDestructive: z.boolean(),
  })
  .meta({ id: 'EnvironmentPolicy' });

const revisionSchema = z.object({
  schema: nameShape,
  version: z.string().optional(),
  digest: digestShape,
  migration: z.string(),
  recorded: z.string(),
});

export const environmentSchema = z
  .object({
    id: nameShape,
    name: nameShape,
    type: environmentTypeSchema,
    database: engineNameShape,
    region: z.string().optional(),
    labels: z.record(z.string(), z.string()).optional(),
    policy: policySchema,
    agent: z.string().optional(),
    breakerOpen: z.boolean(),
    retired: z.boolean(),
    revisions: z.array(revisionSchema),
  })
  .meta({ id: 'Environment' });
export type EnvironmentResource = z.infer<typeof environmentSchema>;

export const environmentHealthSchema = z
  .object({
    environment: nameShape,
    status: z.enum(['healthy', 'degraded', 'unreachable', 'no-agent']),
    agent: z.string().optional(),
    lastSeen: z.string().optional(),
    serverVersion: z.string().optional(),
    latencyMs: z.number().optional(),
    problem: z.string().optional(),
    breakerOpen: z.boolean(),
    revisions: z.array(revisionSchema),
  })
  .meta({ id: 'EnvironmentHealth' });

const params = z.object({ id: nameShape });
const tags = ['Environments'] as const;

/** Named targets, their policies and what they run. */
export const environmentRoutes = {
  addEnvironment: defineRoute({
    id: 'addEnvironment',
    method: 'POST',
    path: '/api/v1/environments',
    service: 'orchestrator',
    summary: 'Add an environment; its database credentials stay with its agent',
    tags,
    policy: { action: 'environment:add' },
    body: z.strictObject({
      name: nameShape,
      type: environmentTypeSchema,
      database: engineNameShape,
      region: z.string().min(1).max(100).optional(),
      labels: z.record(z.string().max(100), z.string().max(500)).optional(),
      policy: policySchema.partial().optional().describe('What it leaves out comes from the type'),
    }),
    responses: { 201: environmentSchema },
  }),
  listEnvironments: defineRoute({
    id: 'listEnvironments',
    method: 'GET',
    path: '/api/v1/environments',
    service: 'orchestrator',
    summary: 'List environments',
    tags,
    policy: { action: 'environment:read' },
    query: pageQuery.extend({ type: environmentTypeSchema.optional(), region: z.string().max(100).optional() }),
    responses: { 200: page(environmentSchema) },
  }),
  getEnvironment: defineRoute({
    id: 'getEnvironment',
    method: 'GET',
    path: '/api/v1/environments/{id}',
    service: 'orchestrator',
    summary: 'Get an environment',
    tags,
    policy: { action: 'environment:read' },
    params,
    responses: { 200: environmentSchema },
  }),
  changeEnvironmentPolicy: defineRoute({
    id: 'changeEnvironmentPolicy',
    method: 'PATCH',
    path: '/api/v1/environments/{id}',
    service: 'orchestrator',
    summary: "Change an environment's policy",
    tags,
    policy: { action: 'environment:change' },
    params,
    body: z.strictObject({ policy: policySchema.partial(), reason: z.string().max(2000).optional() }),
    responses: { 200: environmentSchema },
  }),
  retireEnvironment: defineRoute({
    id: 'retireEnvironment',
    method: 'DELETE',
    path: '/api/v1/environments/{id}',
    service: 'orchestrator',
    summary: 'Retire an environment; its history stays',
    tags,
    description:
      'Refused (409 DSEM-4008) while it holds a schema or a migration of it has not ended. An administrator may force it.',
    policy: { action: 'environment:retire' },
    params,
    query: z
      .strictObject({
        force: z
          .enum(['true', 'false'])
          .transform((word) => word === 'true')
          .optional()
          .describe('Retire it all the same; administrators only. What it holds comes back when it is added again'),
        reason: z.string().min(1).max(2000).optional().describe('Stays in the audit trail; needed with `force`'),
      })
      .refine(({ force, reason }) => force !== true || reason !== undefined, {
        path: ['reason'],
        error: 'say why it is forced',
      }),
    responses: { 204: null },
  }),
  syncEnvironment: defineRoute({
    id: 'syncEnvironment',
    method: 'POST',
    path: '/api/v1/environments/{id}/sync',
    service: 'orchestrator',
    summary: 'Bring an environment to a version of a schema: makes the migration, which then needs its approvals',
    tags,
    policy: { action: 'environment:sync' },
    params,
    body: z.strictObject({
      schema: nameShape,
      version: z.string().max(40).optional().describe('Default: the newest compatible one known'),
    }),
    responses: {
      202: z.object({ environment: nameShape, schema: nameShape, version: z.string(), migration: z.string() }),
    },
  }),
  closeBreaker: defineRoute({
    id: 'closeBreaker',
    method: 'POST',
    path: '/api/v1/environments/{id}/close-breaker',
    service: 'orchestrator',
    summary: 'Close the circuit breaker of an environment after its cause is mended',
    tags,
    policy: { action: 'breaker:manage' },
    params,
    body: z.strictObject({ reason: z.string().min(1).max(2000) }),
    responses: { 200: environmentSchema },
  }),
  environmentHealth: defineRoute({
    id: 'environmentHealth',
    method: 'GET',
    path: '/api/v1/environments/{id}/health',
    service: 'orchestrator',
    summary: 'Whether the agent and the database of an environment answer',
    tags,
    policy: { action: 'environment:read' },
    params,
    responses: { 200: environmentHealthSchema },
  }),
} as const;
