import { z } from 'zod';

const place = { noun: z.string().min(1).max(100), object: z.string().max(1000), aspect: z.string().min(1).max(300) };

/** A person's decision of one conflict of a merge, as it comes from outside. */
export const resolutionShape = z.discriminatedUnion('take', [
  z.strictObject({ ...place, take: z.enum(['ours', 'theirs']) }),
  z.strictObject({ ...place, take: z.literal('edited'), value: z.json().describe('In the shape of ours and theirs') }),
]);

/** The decisions of one merge. */
export const resolutionsShape = z.array(resolutionShape).max(10_000);

/** What a person has to decide before a merge is clean. */
export const mergeConflictShape = z.object({
  kind: z.enum([
    'same-attribute',
    'drop-modify',
    'drop-use',
    'rename',
    'rename-use',
    'add-add',
    'order',
    'name',
    'reference-type',
    'cycle',
    'inconsistent',
  ]),
  noun: z.string().describe('Such as column or foreign-key'),
  object: z.string(),
  aspect: z.string().describe('existence, definition, name, or the property, such as type'),
  base: z.json().describe('null where it is absent, as in ours and theirs'),
  ours: z.json(),
  theirs: z.json(),
  proposal: z.json(),
  why: z.string(),
  choices: z.array(z.enum(['ours', 'theirs', 'edited'])).describe('How it can be decided'),
  usedBy: z.array(z.string()).optional().describe('Objects that need what the other side dropped'),
});
