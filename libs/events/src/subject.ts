import { digestShape, engineNameShape, modeShape, nameShape, renameHintShape } from '@dsem/schema';
import { z } from 'zod';
import { defineEvent, type EventOf } from './define-event.js';

/** A line of schema versions for one logical database began. */
export const subjectCreated = defineEvent(
  'SubjectCreated',
  1,
  z.object({
    subject: nameShape,
    engine: engineNameShape,
    owner: z.string().optional(),
    description: z.string().optional(),
    labels: z.record(z.string(), z.string()).optional(),
    compatibility: modeShape,
  }),
);

/** An immutable definition became the newest version of a branch. `number` counts versions of the subject from 1. */
export const versionRegistered = defineEvent(
  'VersionRegistered',
  1,
  z.object({
    subject: nameShape,
    engine: engineNameShape,
    number: z.int().positive(),
    version: z.string(),
    branch: z.string(),
    digest: digestShape,
    parent: z.object({ version: z.string(), digest: digestShape }).optional(),
    /** All earlier digests of the branch, oldest first: what transitive modes compare with. */
    ancestors: z.array(digestShape),
    bump: z.enum(['major', 'minor', 'patch', 'none']),
    bumpedBecause: z.array(z.string()),
    compatibility: modeShape,
    source: z.string(),
    reason: z.string().optional(),
    /** Tables and columns of the parent that go on under another name; events from before renames were told have none. */
    renamedFrom: z.array(renameHintShape).optional(),
  }),
);

/** The subject is judged by another mode from now on; `digest` is its newest version's, which is judged again. */
export const compatibilitySet = defineEvent(
  'CompatibilitySet',
  1,
  z.object({
    subject: nameShape,
    compatibility: modeShape,
    newest: z.object({ version: z.string(), digest: digestShape, ancestors: z.array(digestShape) }).optional(),
  }),
);

export const subjectDescribed = defineEvent(
  'SubjectDescribed',
  1,
  z.object({
    subject: nameShape,
    owner: z.string().optional(),
    description: z.string().optional(),
    labels: z.record(z.string(), z.string()).optional(),
  }),
);

export const subjectArchived = defineEvent(
  'SubjectArchived',
  1,
  z.object({ subject: nameShape, reason: z.string().optional() }),
);

/** A proposal that came over the public topic was refused. */
export const proposalRefused = defineEvent(
  'ProposalRefused',
  1,
  z.object({ subject: z.string(), proposal: z.string(), code: z.string(), detail: z.string() }),
);

export type SubjectEvent =
  | EventOf<typeof subjectCreated>
  | EventOf<typeof versionRegistered>
  | EventOf<typeof compatibilitySet>
  | EventOf<typeof subjectDescribed>
  | EventOf<typeof subjectArchived>;
