import { defineRoute } from '@dsem/api';
import { z } from 'zod';

const webhookEvents = [
  'started',
  'completed',
  'failed',
  'rolled_back',
  'approved',
  'halted',
  'drift_detected',
  'breaker_opened',
  'version_registered',
  'compatibility_failed',
] as const;

const options = z.object({
  url: z.url(),
  secret: z.string().min(1).max(200),
  events: z.array(z.enum(webhookEvents)).min(1),
});
/** Where to tell what, and the secret that signs it. */
export type WebhookOptions = z.input<typeof options>;

/** A webhook as the server keeps it: without its secret. */
export interface Webhook {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  readonly events: readonly string[];
}

/** The route of the notifier; a server without one answers that it is not available. */
export const registerWebhookRoute = defineRoute({
  id: 'registerWebhook',
  method: 'POST',
  path: '/api/v1/webhooks',
  service: 'gateway',
  summary: 'Tell an address about events',
  tags: ['Webhooks'],
  policy: { action: 'webhook:manage' },
  body: options.extend({ name: z.string().min(1).max(100) }),
  responses: { 201: z.object({ id: z.string(), name: z.string(), url: z.string(), events: z.array(z.string()) }) },
});
