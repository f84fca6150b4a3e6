import { z } from 'zod';
import { defineRoute } from './define-route.js';
import { page, pageQuery } from './paging.js';

export const auditEntrySchema = z
  .object({
    index: z.int().nonnegative(),
    topic: z.string(),
    receivedAt: z.string(),
    event: z.string().describe('The event’s name'),
    stream: z.string(),
    actor: z.string(),
    correlationId: z.string(),
    hash: z.string(),
    envelope: z.looseObject({}),
  })
  .meta({ id: 'AuditEntry' });
export type AuditEntry = z.infer<typeof auditEntrySchema>;

const tags = ['Audit'] as const;

/** The trail of everything that happened. */
export const auditRoutes = {
  listAuditEntries: defineRoute({
    id: 'listAuditEntries',
    method: 'GET',
    path: '/api/v1/audit/entries',
    service: 'audit',
    summary: 'List the entries of the audit trail, in order',
    tags,
    policy: { action: 'audit:read' },
    query: pageQuery.extend({
      correlationId: z.string().max(100).optional(),
      stream: z.string().max(400).optional(),
      event: z.string().max(100).optional(),
    }),
    responses: { 200: page(auditEntrySchema) },
  }),
  exportAudit: defineRoute({
    id: 'exportAudit',
    method: 'GET',
    path: '/api/v1/audit/export',
    service: 'audit',
    summary: 'Export the whole trail with signed checkpoints; `dsem verify` checks it offline',
    tags,
    policy: { action: 'audit:export' },
    responses: { 200: z.string().describe('JSON Lines') },
    mediaType: 'application/x-ndjson',
  }),
  auditCheckpoint: defineRoute({
    id: 'auditCheckpoint',
    method: 'GET',
    path: '/api/v1/audit/checkpoint',
    service: 'audit',
    summary: 'The newest signed checkpoint and the public key that verifies it',
    tags,
    policy: { action: 'audit:read' },
    responses: {
      200: z
        .object({ size: z.int().nonnegative(), note: z.string(), publicKey: z.string() })
        .meta({ id: 'Checkpoint' }),
    },
  }),
} as const;
