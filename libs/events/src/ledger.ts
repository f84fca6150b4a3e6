import { z } from 'zod';
import { defineEvent } from './define-event.js';

export const checkpointSigned = defineEvent(
  'CheckpointSigned',
  1,
  z.object({ size: z.int().nonnegative(), root: z.string(), note: z.string() }),
);
export const exportMade = defineEvent(
  'ExportMade',
  1,
  z.object({ from: z.int(), to: z.int(), entries: z.int(), by: z.string() }),
);
