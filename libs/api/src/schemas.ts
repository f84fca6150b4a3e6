import { digestShape, engineNameShape, locationShape, modeShape, nameShape, renameHintShape } from '@dsem/schema';
import { z } from 'zod';
import { defineRoute, definitionBytes } from './define-route.js';
import { definitionInput } from './definitions.js';
import { page, pageQuery } from './paging.js';

/** A mode by name, or the two promises of which it is made. */
export const compatibilityInput = z.union(
  [
    modeShape,
    z.strictObject({
      backward: z.boolean().default(false),
      forward: z.boolean().default(false),
      transitive: z.boolean().default(false),
    }),
  ],
  `expected one of ${modeShape.options.join(', ')}, or an object with backward, forward and transitive`,
);
export type CompatibilityInput = z.output<typeof compatibilityInput>;

/** `{backward: true, forward: true}` is `full`. */
export const modeOf = (input: CompatibilityInput): z.infer<typeof modeShape> => {
  if (typeof input === 'string') return input;
  const { backward, forward, transitive } = input;
  if (!backward && !forward) return 'none';
  const mode = backward && forward ? 'full' : backward ? 'backward' : 'forward';
  return transitive ? `${mode}-transitive` : mode;
};

const labels = z.record(z.string().max(100), z.string().max(500));
const declaredVersion = z.string().max(40).describe('Semantic version; never smaller than the computed one');

export const versionSchema = z
  .object({
    schema: nameShape,
    number: z.int().positive(),
    version: z.string(),
    branch: z.string(),
    digest: digestShape,
    bump: z.enum(['major', 'minor', 'patch', 'none']),
    bumpedBecause: z.array(z.string()),
    author: z.string(),
    reason: z.string().optional(),
    renamedFrom: z
      .array(renameHintShape)
      .optional()
      .describe('What goes on under another name since the version before; plans rename it'),
    registered: z.string(),
  })
  .meta({ id: 'SchemaVersion' });
export type SchemaVersion = z.infer<typeof versionSchema>;

export const schemaSchema = z
  .object({
    id: nameShape,
    name: nameShape,
    database: engineNameShape,
    compatibility: modeShape,
    owner: z.string().optional(),
    description: z.string().optional(),
    labels: labels.optional(),
    newest: z.object({ version: z.string(), number: z.int(), digest: digestShape }).optional(),
    versions: z.int().nonnegative(),
    archived: z.boolean(),
  })
  .meta({ id: 'Schema' });
export type SchemaResource = z.infer<typeof schemaSchema>;

const registeredSchema = schemaSchema
  .extend({
    version: versionSchema,
    created: z.boolean().describe('false: the same content was registered before'),
    notes: z
      .array(z.object({ message: z.string(), location: locationShape.optional() }))
      .describe('What the definition holds beside the schema and was left out, such as data statements'),
  })
  .meta({ id: 'RegisteredSchema' });

const about = {
  compatibility: compatibilityInput.optional(),
  owner: z.string().min(1).max(100).optional(),
  description: z.string().max(2000).optional(),
  labels: labels.optional(),
};

const params = z.object({ id: nameShape });
const tags = ['Schemas'] as const;

/** Subjects and their versions. */
export const schemaRoutes = {
  registerSchema: defineRoute({
    id: 'registerSchema',
    method: 'POST',
    path: '/api/v1/schemas',
    service: 'registry',
    summary: 'Register a schema, or the next version of one',
    description:
      'The content of the newest version again is that version (200 instead of 201); that of an older one is a new version.',
    tags,
    policy: { action: 'schema:register' },
    body: z.strictObject({
      name: nameShape,
      database: engineNameShape,
      definition: definitionInput,
      version: declaredVersion.optional(),
      reason: z.string().max(2000).optional(),
      ...about,
    }),
    responses: { 201: registeredSchema, 200: registeredSchema },
    maxBodyBytes: definitionBytes,
  }),
  listSchemas: defineRoute({
    id: 'listSchemas',
    method: 'GET',
    path: '/api/v1/schemas',
    service: 'registry',
    summary: 'List schemas',
    tags,
    policy: { action: 'schema:read' },
    query: pageQuery.extend({
      database: engineNameShape.optional(),
      owner: z.string().max(100).optional(),
      search: z.string().max(100).optional().describe('Part of the name'),
    }),
    responses: { 200: page(schemaSchema) },
  }),
  getSchema: defineRoute({
    id: 'getSchema',
    method: 'GET',
    path: '/api/v1/schemas/{id}',
    service: 'registry',
    summary: 'Get a schema',
    tags,
    policy: { action: 'schema:read' },
    params,
    responses: { 200: schemaSchema },
  }),
  updateSchema: defineRoute({
    id: 'updateSchema',
    method: 'PUT',
    path: '/api/v1/schemas/{id}',
    service: 'registry',
    summary: 'Change owner, description, labels or compatibility; with a definition, register its next version',
    tags,
    policy: { action: 'schema:update' },
    params,
    body: z.strictObject({
      definition: definitionInput.optional(),
      version: declaredVersion.optional(),
      reason: z.string().max(2000).optional(),
      ...about,
    }),
    responses: { 200: schemaSchema },
    maxBodyBytes: definitionBytes,
  }),
  deleteSchema: defineRoute({
    id: 'deleteSchema',
    method: 'DELETE',
    path: '/api/v1/schemas/{id}',
    service: 'registry',
    summary: 'Archive a schema: its history stays, it takes no new versions',
    description: 'Refused (409 DSEM-4008) while an environment holds it or a live consumer uses it.',
    tags,
    policy: { action: 'schema:delete' },
    params,
    responses: { 204: null },
  }),
  listVersions: defineRoute({
    id: 'listVersions',
    method: 'GET',
    path: '/api/v1/schemas/{id}/versions',
    service: 'registry',
    summary: "List a schema's versions, newest first",
    tags,
    policy: { action: 'schema:read' },
    params,
    query: pageQuery,
    responses: { 200: page(versionSchema) },
  }),
  getVersion: defineRoute({
    id: 'getVersion',
    method: 'GET',
    path: '/api/v1/schemas/{id}/versions/{version}',
    service: 'registry',
    summary: 'Get one version',
    tags,
    policy: { action: 'schema:read' },
    params: z.object({ id: nameShape, version: z.string().max(40) }),
    responses: { 200: versionSchema },
  }),
} as const;
