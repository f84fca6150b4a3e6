import { digestShape, engineNameShape, findingShape, nameShape } from '@dsem/schema';
import { z } from 'zod';
import { defineRoute } from './define-route.js';
import { page, pageQuery } from './paging.js';

/** The states a person sees (domain.md). */
export const migrationStatusSchema = z.enum([
  'draft',
  'awaiting-approval',
  'approved',
  'running',
  'completed',
  'refused',
  'rejected',
  'cancelled',
  'paused',
  'halted',
  'rolling-back',
  'rolled-back',
  'needs-decision',
]);

const lossSchema = z.object({ object: z.string(), rule: z.string() });

const plannedSchema = z.object({
  hash: digestShape,
  from: digestShape,
  to: digestShape,
  fromVersion: z.string().optional(),
  environments: z.array(nameShape),
  steps: z.int(),
  destructive: z.boolean(),
  findings: z.array(findingShape),
  losses: z
    .array(lossSchema.extend({ step: z.int() }))
    .optional()
    .describe(
      'What taking it back destroys, by the number of the step (from 0); a rollback of it asks for `acceptDataLoss`',
    ),
});

export const migrationTargetSchema = z.object({
  environment: nameShape,
  wave: z.int(),
  status: z.enum(['waiting', 'running', 'succeeded', 'failed', 'unknown', 'rolled-back', 'abandoned']),
  direction: z.enum(['forward', 'reverse']),
  attempt: z.int(),
  step: z.object({ index: z.int(), of: z.int(), object: z.string(), state: z.string() }).optional(),
  problem: z.string().optional(),
  above: z
    .array(z.object({ migration: z.string(), schema: nameShape, version: z.string().optional() }))
    .optional()
    .describe('Migrations that changed this database since, newest first: they have to be rolled back before this one'),
});

export const migrationSchema = z
  .object({
    id: z.string(),
    schema: nameShape,
    database: engineNameShape,
    version: z.string(),
    digest: digestShape,
    status: migrationStatusSchema,
    environments: z.array(nameShape),
    author: z.string(),
    reason: z.string().optional(),
    plans: z.array(plannedSchema),
    approvals: z.object({
      needed: z.int(),
      given: z.array(z.string()),
      authorMayApprove: z.boolean(),
      roles: z.array(z.string()),
    }),
    refusal: z.object({ code: z.string(), why: z.string(), findings: z.array(findingShape) }).optional(),
    rollout: z.string().optional(),
    created: z.string(),
  })
  .meta({ id: 'Migration' });
export type MigrationResource = z.infer<typeof migrationSchema>;

export const migrationProgressSchema = z
  .object({
    id: z.string(),
    schema: nameShape,
    version: z.string(),
    status: migrationStatusSchema,
    cause: z.string().optional(),
    allowed: z
      .array(z.string())
      .describe('What may be asked next, as far as the role and the key of the caller allow it'),
    targets: z.array(migrationTargetSchema),
    losses: z
      .array(z.object({ environments: z.array(nameShape), objects: z.array(lossSchema) }))
      .optional()
      .describe('What a rollback would destroy as it stands; present while one may be asked for'),
  })
  .meta({ id: 'MigrationStatus' });
export type MigrationProgress = z.infer<typeof migrationProgressSchema>;

const waveInput = z.strictObject({
  environments: z.array(nameShape).min(1).max(1000),
  parallel: z.int().min(1).max(10).optional(),
  bakeSeconds: z.int().min(0).max(604_800).optional(),
});

const params = z.object({ id: z.string().regex(/^[A-Za-z0-9-]{1,64}$/) });
const why = z.string().max(2000).optional();
const tags = ['Migrations'] as const;

const command = <const Id extends string, const Path extends string, Body extends z.ZodType>(
  id: Id,
  path: Path,
  action: 'approve' | 'execute' | 'rollback' | 'cancel' | 'pause' | 'resume' | 'resolve',
  summary: string,
  body: Body,
) =>
  defineRoute({
    id,
    method: 'POST',
    path: `/api/v1/migrations/{id}/${path}`,
    service: 'orchestrator',
    summary,
    tags,
    policy: { action: `migration:${action}` },
    params,
    body,
    responses: { 200: migrationProgressSchema },
  });

/** Migrations from plan to rollout and back. */
export const migrationRoutes = {
  createMigration: defineRoute({
    id: 'createMigration',
    method: 'POST',
    path: '/api/v1/migrations',
    service: 'orchestrator',
    summary: 'Plan the way of some environments to a version of a schema',
    description:
      'Answers 409 DSEM-4006 with the findings when the version is incompatible with what an environment runs whose validation is strict. ' +
      'Answers with status draft when the version has not been assessed yet; it is planned as soon as it has.',
    tags,
    policy: { action: 'migration:create' },
    body: z.strictObject({
      schema: nameShape,
      version: z
        .string()
        .max(40)
        .optional()
        .describe(
          'Default: the newest, as the registry says; 503 DSEM-9002 while the orchestrator has not heard of it',
        ),
      environments: z.array(nameShape).min(1).max(1000),
      style: z.enum(['online', 'offline']).default('online'),
      reason: why,
    }),
    responses: { 201: migrationSchema },
  }),
  listMigrations: defineRoute({
    id: 'listMigrations',
    method: 'GET',
    path: '/api/v1/migrations',
    service: 'orchestrator',
    summary: 'List migrations, newest first',
    tags,
    policy: { action: 'migration:read' },
    query: pageQuery.extend({
      schema: nameShape.optional(),
      environment: nameShape.optional(),
      status: migrationStatusSchema.optional(),
    }),
    responses: { 200: page(migrationSchema) },
  }),
  migrationsStatus: defineRoute({
    id: 'migrationsStatus',
    method: 'GET',
    path: '/api/v1/migrations/status',
    service: 'orchestrator',
    summary: 'How many migrations are in which state, and those that are under way',
    tags,
    policy: { action: 'migration:read' },
    responses: {
      200: z
        .object({ counts: z.record(z.string(), z.int()), active: z.array(migrationProgressSchema) })
        .meta({ id: 'MigrationsStatus' }),
    },
  }),
  getMigration: defineRoute({
    id: 'getMigration',
    method: 'GET',
    path: '/api/v1/migrations/{id}',
    service: 'orchestrator',
    summary: 'Get a migration',
    tags,
    policy: { action: 'migration:read' },
    params,
    responses: { 200: migrationSchema },
  }),
  migrationStatus: defineRoute({
    id: 'migrationStatus',
    method: 'GET',
    path: '/api/v1/migrations/{id}/status',
    service: 'orchestrator',
    summary: 'How far a migration is, per environment, and what may be asked next',
    tags,
    policy: { action: 'migration:read' },
    params,
    responses: { 200: migrationProgressSchema },
  }),
  getPlan: defineRoute({
    id: 'getPlan',
    method: 'GET',
    path: '/api/v1/plans/{hash}',
    service: 'orchestrator',
    summary: 'Get an immutable plan by its hash',
    tags,
    policy: { action: 'migration:read' },
    params: z.object({ hash: digestShape }),
    responses: { 200: z.looseObject({ hash: digestShape, engine: engineNameShape }).meta({ id: 'Plan' }) },
  }),
  replanMigration: command(
    'replanMigration',
    'plan',
    'execute',
    'Plan again from where the environments are now; approvals of another plan become void',
    z.strictObject({}),
  ),
  approveMigration: command(
    'approveMigration',
    'approve',
    'approve',
    'Approve exactly the plans whose hashes are given (default: the present ones)',
    z.strictObject({ plans: z.array(digestShape).max(1000).optional(), comment: why }),
  ),
  rejectMigration: command(
    'rejectMigration',
    'reject',
    'approve',
    'Reject a migration for good',
    z.strictObject({ why: z.string().min(1).max(2000) }),
  ),
  executeMigration: command(
    'executeMigration',
    'execute',
    'execute',
    'Start the rollout of an approved migration, in waves',
    z.strictObject({
      waves: z.array(waveInput).min(1).max(100).optional().describe('Default: one wave per environment type'),
      onFailure: z.enum(['halt', 'roll-back']).default('halt'),
    }),
  ),
  rollbackMigration: command(
    'rollbackMigration',
    'rollback',
    'rollback',
    'Take a migration back, everywhere or in the environments named; 409 DSEM-4016 when that loses data and nobody accepts it',
    z.strictObject({
      environments: z.array(nameShape).min(1).max(1000).optional(),
      why,
      acceptDataLoss: z
        .boolean()
        .default(false)
        .describe(
          'Go back even where that destroys rows or values; the audit trail keeps what was accepted and by whom',
        ),
    }),
  ),
  cancelMigration: command(
    'cancelMigration',
    'cancel',
    'cancel',
    'Cancel what has not started; what was sent to an agent is finished, and can be rolled back',
    z.strictObject({ why }),
  ),
  pauseMigration: command(
    'pauseMigration',
    'pause',
    'pause',
    'Start nothing new until resumed',
    z.strictObject({ why }),
  ),
  resumeMigration: command('resumeMigration', 'resume', 'resume', 'Go on after a pause or halt', z.strictObject({})),
  retryTarget: command(
    'retryTarget',
    'retry',
    'execute',
    'Try one environment again; what is applied already is recognised',
    z.strictObject({ environment: nameShape }),
  ),
  resolveTarget: command(
    'resolveTarget',
    'resolve',
    'resolve',
    'Settle an unknown outcome by evidence',
    z.strictObject({
      environment: nameShape,
      as: z.enum(['applied', 'not-applied']),
      evidence: z.string().min(1).max(2000),
    }),
  ),
  abandonTarget: command(
    'abandonTarget',
    'abandon',
    'resolve',
    'Leave one environment as it is and go on without it',
    z.strictObject({ environment: nameShape, why: z.string().min(1).max(2000) }),
  ),
} as const;
