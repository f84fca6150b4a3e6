import { digestShape } from '@dsem/schema';
import { z } from 'zod';
import { defineRoute } from './define-route.js';

/** DDL text of the engine, or the canonical model as JSON. */
export const definitionInput = z
  .union(
    [z.string().min(1), z.record(z.string(), z.unknown())],
    'expected DDL text, or the canonical model as an object',
  )
  .describe('DDL text of the engine, or the canonical model as JSON');

/** An immutable definition by its digest. */
export const definitionRoutes = {
  getDefinition: defineRoute({
    id: 'getDefinition',
    method: 'GET',
    path: '/api/v1/definitions/{digest}',
    service: 'registry',
    summary: 'Get an immutable definition by its digest',
    description: 'The answer never changes, so it may be cached for ever; the ETag is the digest.',
    tags: ['Schemas'],
    policy: { action: 'schema:read' },
    params: z.object({ digest: digestShape }),
    responses: { 200: z.looseObject({ engine: z.string() }).meta({ id: 'Definition' }) },
  }),
} as const;
