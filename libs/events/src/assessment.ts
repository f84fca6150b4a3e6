import { digestShape, engineNameShape, findingShape, modeShape, nameShape } from '@dsem/schema';
import { z } from 'zod';
import { defineEvent, type EventOf } from './define-event.js';

/** A version was judged against its baselines and the consumers known at that moment. */
export const compatibilityAssessed = defineEvent(
  'CompatibilityAssessed',
  1,
  z.object({
    subject: nameShape,
    engine: engineNameShape,
    version: z.string(),
    digest: digestShape,
    baselines: z.array(digestShape),
    mode: modeShape,
    compatible: z.boolean(),
    backwardCompatible: z.boolean(),
    forwardCompatible: z.boolean(),
    score: z.int().min(0).max(100),
    semver: z.enum(['major', 'minor', 'patch', 'none']),
    findings: z.array(findingShape),
    consumers: z.array(z.string()),
    ruleset: z.string(),
  }),
);

export type AssessmentEvent = EventOf<typeof compatibilityAssessed>;
