import { nameShape } from '@dsem/schema';
import { z } from 'zod';
import { defineRoute } from './define-route.js';
import { page, pageQuery } from './paging.js';

/** The services that consume messages, each with dead letters and parked keys of its own. */
export const consumingServices = ['registry', 'validator', 'orchestrator', 'audit'] as const;
export type ConsumingService = (typeof consumingServices)[number];

const service = z.enum(consumingServices).describe('Whose dead letters');
const instant = z.iso.datetime({ offset: true });

/** The most characters of a letter's body that are shown. */
export const shownBody = 16_384;

/** A message that could not be handled, without its body. */
export const deadLetterSchema = z
  .object({
    service: z.enum(consumingServices),
    id: z.string().describe('Unique within its service; grows'),
    consumer: z.string().describe('Which of the service’s consumers could not handle it'),
    topic: z.string(),
    key: z.string().describe('Messages of one key are handled in order; empty: it has none, and nothing waits'),
    cause: z.string().describe('Why it could not be handled, the last time it was tried'),
    at: instant,
  })
  .meta({ id: 'DeadLetter' });
export type DeadLetter = z.infer<typeof deadLetterSchema>;

/** The same with its body, redacted as log lines are. */
export const openedLetterSchema = deadLetterSchema
  .extend({
    body: z.string().describe('As received, secrets taken out; at most 16,384 characters'),
    bodyLength: z.int().nonnegative().describe('How many characters the body has'),
  })
  .meta({ id: 'OpenedDeadLetter' });
export type OpenedDeadLetter = z.infer<typeof openedLetterSchema>;

/** A key whose messages wait behind one that could not be handled. */
export const parkedKeySchema = z
  .object({
    service: z.enum(consumingServices),
    consumer: z.string(),
    key: z.string(),
    since: instant,
    letters: z.int().nonnegative().describe('How many messages wait, the first one among them'),
  })
  .meta({ id: 'ParkedKey' });
export type ParkedKey = z.infer<typeof parkedKeySchema>;

/** What a replay came to. */
export const replaySchema = z
  .object({
    replayed: z.int().nonnegative().describe('How many letters were handled now and are gone'),
    remaining: z.int().nonnegative().describe('How many letters of the key are still there; 0: the key flows'),
    failed: deadLetterSchema.optional().describe('The letter that cannot be handled still, with its new cause'),
  })
  .meta({ id: 'Replay' });
export type Replay = z.infer<typeof replaySchema>;

/** What waits at an agent, which takes no requests and tells it by itself. */
export const agentLettersSchema = z
  .object({
    agent: nameShape,
    told: instant.describe('When the agent told it last'),
    total: z.int().positive().describe('How many commands it could not handle, those that wait behind them among them'),
    oldest: z
      .array(deadLetterSchema.pick({ id: true, topic: true, key: true, cause: true, at: true }))
      .describe('The first twenty'),
  })
  .meta({ id: 'AgentDeadLetters' });
export type AgentLetters = z.infer<typeof agentLettersSchema>;

const tags = ['Dead letters'] as const;
const params = z.object({ service });
const letterParams = params.extend({ id: z.string().regex(/^[0-9a-z]{1,40}$/) });
const name = z.string().max(500);

/** What could not be handled. Every service answers for its own; the path names which one. */
export const deadLetterRoutes = {
  listDeadLetters: defineRoute({
    id: 'listDeadLetters',
    method: 'GET',
    path: '/api/v1/services/{service}/dead-letters',
    service: 'each',
    summary: 'List the messages a service could not handle, oldest first',
    tags,
    policy: { action: 'dead-letter:read' },
    params,
    query: pageQuery.extend({ consumer: name.optional(), topic: name.optional(), key: name.optional() }),
    responses: { 200: page(deadLetterSchema) },
  }),
  getDeadLetter: defineRoute({
    id: 'getDeadLetter',
    method: 'GET',
    path: '/api/v1/services/{service}/dead-letters/{id}',
    service: 'each',
    summary: 'Show a message that could not be handled, with its body',
    tags,
    policy: { action: 'dead-letter:read' },
    params: letterParams,
    responses: { 200: openedLetterSchema },
  }),
  discardDeadLetter: defineRoute({
    id: 'discardDeadLetter',
    method: 'POST',
    path: '/api/v1/services/{service}/dead-letters/{id}/discard',
    service: 'each',
    summary: 'Give a message up for good; its key flows again when it was the last',
    tags,
    policy: { action: 'dead-letter:replay' },
    params: letterParams,
    body: z.strictObject({ reason: z.string().trim().min(1).max(1000) }),
    responses: { 204: null },
  }),
  listParkedKeys: defineRoute({
    id: 'listParkedKeys',
    method: 'GET',
    path: '/api/v1/services/{service}/parked-keys',
    service: 'each',
    summary: 'List the keys whose messages wait behind one that could not be handled',
    tags,
    policy: { action: 'dead-letter:read' },
    params,
    query: pageQuery.extend({ consumer: name.optional() }),
    responses: { 200: page(parkedKeySchema) },
  }),
  replayParkedKey: defineRoute({
    id: 'replayParkedKey',
    method: 'POST',
    path: '/api/v1/services/{service}/parked-keys/replay',
    service: 'each',
    summary: 'Hand the messages of a key to their consumer again, in order, up to the first that fails',
    tags,
    policy: { action: 'dead-letter:replay' },
    params,
    body: z.strictObject({
      consumer: name.min(1),
      key: name,
      limit: z.int().min(1).max(1000).default(100).describe('At most so many'),
    }),
    responses: { 200: replaySchema },
  }),
  listAgentDeadLetters: defineRoute({
    id: 'listAgentDeadLetters',
    method: 'GET',
    path: '/api/v1/agents/dead-letters',
    service: 'orchestrator',
    summary: 'List the agents that could not handle a command, with what they tell of it',
    description:
      'An agent takes no requests: it tells with each sign of life what waits, so this is as old as `told` says. What it could not read is not replayed; upgrade it and retry the target.',
    tags,
    policy: { action: 'dead-letter:read' },
    query: pageQuery.extend({ agent: nameShape.optional() }),
    responses: { 200: page(agentLettersSchema) },
  }),
} as const;
