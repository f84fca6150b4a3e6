import { digestShape, engineNameShape, findingShape, modeShape, nameShape } from '@dsem/schema';
import { z } from 'zod';
import { defineRoute, definitionBytes } from './define-route.js';
import { definitionInput } from './definitions.js';
import { page, pageQuery } from './paging.js';
import { compatibilityInput } from './schemas.js';

export const compatibilityReportSchema = z
  .object({
    engine: engineNameShape,
    mode: modeShape,
    compatible: z.boolean(),
    backwardCompatible: z.boolean(),
    forwardCompatible: z.boolean(),
    score: z.int().min(0).max(100),
    arithmetic: z.object({ liveBreaks: z.int(), potentialBreaks: z.int(), warnings: z.int() }),
    semver: z.enum(['major', 'minor', 'patch', 'none']),
    findings: z.array(findingShape),
    ruleset: z.string(),
  })
  .meta({ id: 'CompatibilityReport' });
export type CompatibilityVerdict = z.infer<typeof compatibilityReportSchema>;

export const validationReportSchema = z
  .object({
    schema: nameShape,
    version: z.string(),
    digest: digestShape,
    mode: modeShape,
    compatible: z.boolean(),
    backwardCompatible: z.boolean(),
    forwardCompatible: z.boolean(),
    score: z.int(),
    semver: z.enum(['major', 'minor', 'patch', 'none']),
    findings: z.array(findingShape),
    consumers: z.array(z.string()),
    assessed: z.string(),
  })
  .meta({ id: 'ValidationReport' });
export type ValidationReport = z.infer<typeof validationReportSchema>;

export const matrixSchema = z
  .object({
    schema: nameShape,
    mode: modeShape,
    versions: z.array(z.string()),
    /** `cells[i][j]`: may version `versions[j]` follow version `versions[i]`; null where it is older or the same. */
    cells: z.array(z.array(z.object({ compatible: z.boolean(), score: z.int() }).nullable())),
  })
  .meta({ id: 'CompatibilityMatrix' });

const environmentPreflightSchema = z.object({
  environment: nameShape,
  ready: z.boolean(),
  fromVersion: z.string().optional(),
  validation: z.enum(['relaxed', 'strict']),
  compatible: z.boolean(),
  score: z.int(),
  findings: z.array(findingShape),
  reasons: z.array(z.string()),
});

const tags = ['Compatibility'] as const;

/** Verdicts, without changing anything, and what was judged before. */
export const compatibilityRoutes = {
  validateCompatibility: defineRoute({
    id: 'validateCompatibility',
    method: 'POST',
    path: '/api/v1/compatibility/validate',
    service: 'validator',
    summary: 'Judge a new schema against an old one, or a definition against the versions of a registered schema',
    tags,
    policy: { action: 'compatibility:validate' },
    body: z.strictObject({
      database: engineNameShape
        .optional()
        .describe('Guessed from a canonical definition; DDL text defaults to postgresql'),
      oldSchema: definitionInput.optional().describe('What the new one is judged against'),
      newSchema: definitionInput,
      schema: nameShape.optional().describe('Judge against this schema: its versions by mode, its live consumers'),
      compatibility: compatibilityInput.optional(),
    }),
    responses: { 200: compatibilityReportSchema },
    idempotent: false,
    maxBodyBytes: definitionBytes,
  }),
  compatibilityMatrix: defineRoute({
    id: 'compatibilityMatrix',
    method: 'GET',
    path: '/api/v1/compatibility/matrix',
    service: 'validator',
    summary: 'Which version may follow which, for the newest versions of a schema',
    tags,
    policy: { action: 'compatibility:read' },
    query: z.object({
      schema: nameShape,
      mode: modeShape.optional(),
      versions: z.coerce.number().int().min(2).max(20).default(10),
    }),
    responses: { 200: matrixSchema },
  }),
  compatibilityVerdict: defineRoute({
    id: 'compatibilityVerdict',
    method: 'GET',
    path: '/api/v1/compatibility/verdict',
    service: 'validator',
    summary: 'Judge a registered version against one definition, with the live consumers, in the mode of the schema',
    tags,
    policy: { action: 'schema:read' },
    query: z.object({
      schema: nameShape,
      version: z.string().max(40),
      from: digestShape.describe('What the version would follow, such as what an environment runs'),
      fromVersion: z.string().max(40).optional().describe('The version that `from` is; names that changed since count'),
    }),
    responses: { 200: compatibilityReportSchema },
  }),
  preflight: defineRoute({
    id: 'preflight',
    method: 'POST',
    path: '/api/v1/validation/pre-flight',
    service: 'validator',
    summary: 'Check a registered version against environments before any plan is made',
    tags: ['Validation'],
    policy: { action: 'preflight:run' },
    body: z.strictObject({
      schema: nameShape,
      version: z.string().max(40).optional().describe('Default: the newest'),
      environments: z.array(nameShape).min(1).max(200),
    }),
    responses: {
      200: z
        .object({
          schema: nameShape,
          version: z.string(),
          ready: z.boolean(),
          environments: z.array(environmentPreflightSchema),
        })
        .meta({ id: 'PreflightReport' }),
    },
    idempotent: false,
  }),
  listReports: defineRoute({
    id: 'listReports',
    method: 'GET',
    path: '/api/v1/validation/reports',
    service: 'validator',
    summary: 'List how registered versions were judged, newest first',
    tags: ['Validation'],
    policy: { action: 'compatibility:read' },
    query: pageQuery.extend({
      schema: nameShape.optional(),
      version: z.string().max(40).optional(),
      compatible: z.enum(['true', 'false']).optional(),
    }),
    responses: { 200: page(validationReportSchema) },
  }),
} as const;
