import { engineNameShape, nameShape } from '@dsem/schema';
import { z } from 'zod';
import { defineEvent } from './define-event.js';

/** Public, on `dsem.schema-changes`: a service proposes the next version of its subject. */
export const schemaProposed = defineEvent(
  'SchemaProposed',
  1,
  z.object({
    name: nameShape,
    database: engineNameShape,
    /** DDL text, or the canonical JSON model. */
    definition: z.union([z.string(), z.record(z.string(), z.unknown())]),
    version: z.string().optional(),
    reason: z.string().optional(),
  }),
);

/** Public, on `dsem.schema-changes`: a service declares what it reads and writes. */
export const useDeclared = defineEvent(
  'UseDeclared',
  1,
  z.object({
    consumer: nameShape,
    version: z.string(),
    schema: nameShape,
    reads: z.array(z.string()),
    writes: z.array(z.string()),
    environments: z.array(nameShape).optional(),
  }),
);
