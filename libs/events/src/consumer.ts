import { nameShape } from '@dsem/schema';
import { z } from 'zod';
import { defineEvent, type EventOf } from './define-event.js';

export const consumerRegistered = defineEvent(
  'ConsumerRegistered',
  1,
  z.object({ consumer: nameShape, owner: z.string().optional(), description: z.string().optional() }),
);

/** What one version of a service reads and writes, by object or column path; immutable per consumer version. */
export const contractDeclared = defineEvent(
  'ContractDeclared',
  1,
  z.object({
    consumer: nameShape,
    version: z.string(),
    subject: nameShape,
    reads: z.array(z.string()),
    writes: z.array(z.string()),
    environments: z.array(nameShape),
  }),
);

/** No live instance of the consumer is left, so that its contracts bind nobody any more. */
export const consumerRetired = defineEvent(
  'ConsumerRetired',
  1,
  z.object({ consumer: nameShape, version: z.string().optional(), reason: z.string().optional() }),
);

export type ConsumerEvent =
  EventOf<typeof consumerRegistered> | EventOf<typeof contractDeclared> | EventOf<typeof consumerRetired>;
