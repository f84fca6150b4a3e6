import { z } from 'zod';
import { defineEvent, type EventOf } from './define-event.js';

const key = { key: z.string() };

/** An API key came into being; the secret itself is shown once and never stored or told. */
export const keyIssued = defineEvent(
  'KeyIssued',
  1,
  z.object({
    ...key,
    name: z.string(),
    kind: z.string(),
    roles: z.array(z.string()),
    scopes: z.array(z.string()).optional(),
    environments: z.array(z.string()).optional(),
    secretHash: z.string(),
    expires: z.string(),
  }),
);
export const keyRotated = defineEvent(
  'KeyRotated',
  1,
  z.object({ ...key, secretHash: z.string(), previousValidUntil: z.string(), expires: z.string() }),
);
export const keyRevoked = defineEvent('KeyRevoked', 1, z.object({ ...key, why: z.string().optional() }));

export type IdentityEvent = EventOf<typeof keyIssued> | EventOf<typeof keyRotated> | EventOf<typeof keyRevoked>;
