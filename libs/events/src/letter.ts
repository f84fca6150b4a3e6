import { z } from 'zod';
import { defineEvent } from './define-event.js';

const about = {
  service: z.string(),
  letter: z.string(),
  consumer: z.string(),
  topic: z.string(),
  key: z.string(),
  cause: z.string(),
};

/** A person had a dead letter handed over again, and it was handled; `cause` is why it had not been before. */
export const deadLetterReplayed = defineEvent('DeadLetterReplayed', 1, z.object({ ...about, by: z.string() }));

/** A person had a dead letter handed over again, and it failed again; `cause` is why. */
export const deadLetterReplayFailed = defineEvent('DeadLetterReplayFailed', 1, z.object({ ...about, by: z.string() }));

/** A person gave a dead letter up for good. */
export const deadLetterDiscarded = defineEvent(
  'DeadLetterDiscarded',
  1,
  z.object({ ...about, reason: z.string(), by: z.string() }),
);

export type LetterEvent =
  | ReturnType<typeof deadLetterReplayed.of>
  | ReturnType<typeof deadLetterReplayFailed.of>
  | ReturnType<typeof deadLetterDiscarded.of>;
