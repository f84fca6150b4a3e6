import { nameShape } from '@dsem/schema';
import { z } from 'zod';
import { defineRoute } from './define-route.js';
import { page, pageQuery } from './paging.js';

const path = z.string().min(1).max(400).describe('An object or a column: `public.users` or `public.users.email`');

const contractSchema = z.object({
  version: z.string(),
  schema: nameShape,
  reads: z.array(z.string()),
  writes: z.array(z.string()),
  environments: z.array(nameShape),
  retired: z.boolean(),
});

export const consumerSchema = z
  .object({ id: nameShape, name: nameShape, contracts: z.array(contractSchema) })
  .meta({ id: 'Consumer' });
export type ConsumerResource = z.infer<typeof consumerSchema>;

const params = z.object({ id: nameShape });
const tags = ['Consumers'] as const;

/** Services and what they read and write. */
export const consumerRoutes = {
  declareConsumer: defineRoute({
    id: 'declareConsumer',
    method: 'POST',
    path: '/api/v1/consumers',
    service: 'registry',
    summary: 'Declare what one version of a service reads and writes',
    tags,
    policy: { action: 'consumer:declare' },
    body: z.strictObject({
      name: nameShape,
      version: z.string().min(1).max(100).default('1'),
      schema: nameShape,
      reads: z.array(path).max(20_000).default([]),
      writes: z.array(path).max(20_000).default([]),
      environments: z.array(nameShape).max(1000).default([]),
      owner: z.string().min(1).max(100).optional(),
    }),
    responses: { 201: consumerSchema, 200: consumerSchema },
  }),
  listConsumers: defineRoute({
    id: 'listConsumers',
    method: 'GET',
    path: '/api/v1/consumers',
    service: 'registry',
    summary: 'List consumers',
    tags,
    policy: { action: 'consumer:read' },
    query: pageQuery.extend({ schema: nameShape.optional() }),
    responses: { 200: page(consumerSchema) },
  }),
  getConsumer: defineRoute({
    id: 'getConsumer',
    method: 'GET',
    path: '/api/v1/consumers/{id}',
    service: 'registry',
    summary: 'Get a consumer',
    tags,
    policy: { action: 'consumer:read' },
    params,
    responses: { 200: consumerSchema },
  }),
  retireConsumer: defineRoute({
    id: 'retireConsumer',
    method: 'POST',
    path: '/api/v1/consumers/{id}/retire',
    service: 'registry',
    summary: 'Say that a version of a service runs nowhere any more, so that its contract binds nobody',
    tags,
    policy: { action: 'consumer:retire' },
    params,
    body: z.strictObject({ version: z.string().min(1).max(100).optional(), reason: z.string().max(2000).optional() }),
    responses: { 200: consumerSchema },
  }),
} as const;
