import { z } from 'zod';
import { actions } from './actions.js';
import { defineRoute } from './define-route.js';
import { page, pageQuery } from './paging.js';

/** What somebody can be in the product; `@dsem/authz` says what each may do. */
export const roleSchema = z
  .enum(['administrator', 'developer', 'approver', 'operator', 'auditor', 'agent'])
  .meta({ id: 'Role' });
export type Role = z.infer<typeof roleSchema>;

/** An action, or a whole family as `migration:*`. */
export const scopeSchema = z.union([z.enum(actions), z.string().regex(/^[a-z-]+:\*$/)]).meta({ id: 'Scope' });

/** Longest life of a key, in days. */
export const maxKeyDays = 90;

/** An API key without its secret. */
export const apiKeySchema = z
  .object({
    id: z.string(),
    name: z.string(),
    kind: z.enum(['user', 'service', 'agent']).describe('Who holds it; part of the key text'),
    roles: z.array(roleSchema),
    scopes: z.array(scopeSchema).optional().describe('When present, narrows the roles to these actions'),
    environments: z.array(z.string()).optional().describe('When present, the only environments the key may touch'),
    issued: z.iso.datetime({ offset: true }),
    expires: z.iso.datetime({ offset: true }),
    revoked: z.iso.datetime({ offset: true }).optional(),
    lastUsed: z.iso.datetime({ offset: true }).optional(),
  })
  .meta({ id: 'ApiKey' });
export type ApiKey = z.infer<typeof apiKeySchema>;

/** A key at the only moment its secret is seen. */
export const issuedKeySchema = apiKeySchema
  .extend({ secret: z.string().describe('The whole key, shown this once') })
  .meta({ id: 'IssuedApiKey' });

/** Who the caller is, and what they may do. */
export const meSchema = z
  .object({
    id: z.string(),
    kind: z.enum(['person', 'key', 'service', 'agent']),
    tenant: z.string(),
    roles: z.array(roleSchema),
    scopes: z.array(z.string()).optional(),
    actions: z.array(z.enum(actions)).describe('Everything the caller may do somewhere'),
  })
  .meta({ id: 'Me' });

const issueKeyBody = z.strictObject({
  name: z.string().trim().min(1).max(100),
  kind: z.enum(['user', 'service', 'agent']).default('user'),
  roles: z.array(roleSchema).min(1).max(6),
  scopes: z.array(scopeSchema).min(1).max(100).optional(),
  environments: z.array(z.string().min(1).max(100)).min(1).max(1000).optional(),
  expiresInDays: z.int().min(1).max(maxKeyDays).default(maxKeyDays),
});

const params = z.object({ id: z.string().regex(/^[0-9a-z]{1,40}$/) });

/** The routes of API keys and of the caller's own identity. */
export const keyRoutes = {
  issueKey: defineRoute({
    id: 'issueKey',
    method: 'POST',
    path: '/api/v1/keys',
    service: 'gateway',
    summary: 'Issue an API key, within the scopes and environments of the own; the answer holds its secret, once',
    tags: ['Identity'],
    policy: { action: 'key:issue' },
    body: issueKeyBody,
    answerOnce: true,
    responses: { 201: issuedKeySchema },
  }),
  listKeys: defineRoute({
    id: 'listKeys',
    method: 'GET',
    path: '/api/v1/keys',
    service: 'gateway',
    summary: 'List API keys, without secrets',
    tags: ['Identity'],
    policy: { action: 'key:read' },
    query: pageQuery,
    responses: { 200: page(apiKeySchema) },
  }),
  getKey: defineRoute({
    id: 'getKey',
    method: 'GET',
    path: '/api/v1/keys/{id}',
    service: 'gateway',
    summary: 'Get an API key, without its secret',
    tags: ['Identity'],
    policy: { action: 'key:read' },
    params,
    responses: { 200: apiKeySchema },
  }),
  revokeKey: defineRoute({
    id: 'revokeKey',
    method: 'DELETE',
    path: '/api/v1/keys/{id}',
    service: 'gateway',
    summary: 'Revoke an API key at once',
    tags: ['Identity'],
    policy: { action: 'key:revoke' },
    params,
    ifMatch: 'optional',
    responses: { 204: null },
  }),
  rotateKey: defineRoute({
    id: 'rotateKey',
    method: 'POST',
    path: '/api/v1/keys/{id}/rotate',
    service: 'gateway',
    summary: 'Give the own API key a new secret; the old one works for an overlap',
    tags: ['Identity'],
    policy: { action: 'key:rotate' },
    answerOnce: true,
    params,
    body: z.strictObject({
      overlapMinutes: z.int().min(0).max(1440).default(60),
      expiresInDays: z.int().min(1).max(maxKeyDays).default(maxKeyDays),
    }),
    responses: { 200: issuedKeySchema },
  }),
  me: defineRoute({
    id: 'me',
    method: 'GET',
    path: '/api/v1/me',
    service: 'gateway',
    summary: 'Tell who the caller is and what they may do',
    tags: ['Identity'],
    policy: { action: 'self:read' },
    responses: { 200: meSchema },
  }),
} as const;
