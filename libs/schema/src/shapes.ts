import { z } from 'zod';
import { engineNames } from './model.js';

/** Shapes of the model's small values, for whoever checks input or events; declared once. */
export const engineNameShape = z.enum(engineNames);

/** `sha256:` and 64 hexadecimal digits. */
export const digestShape = z.string().regex(/^sha256:[0-9a-f]{64}$/);

export const locationShape = z.object({
  file: z.string().optional(),
  line: z.int().positive(),
  column: z.int().positive(),
});

export const consumerHitShape = z.object({
  name: z.string(),
  version: z.string().optional(),
  uses: z.enum(['reads', 'writes', 'reads and writes']),
  lastSeen: z.string().optional(),
});

export const findingShape = z.object({
  rule: z.string(),
  severity: z.enum(['error', 'warning', 'info']),
  hazard: z.enum([
    'lock',
    'rewrite',
    'breaks-clients',
    'data-loss',
    'data-dependent',
    'transaction',
    'timeout',
    'replication',
    'performance',
    'security',
    'style',
    'policy',
  ]),
  object: z.string(),
  message: z.string(),
  why: z.string(),
  fix: z.string(),
  docs: z.string().optional(),
  location: locationShape.optional(),
  statement: z.int().optional(),
  actors: z.array(z.enum(['OR', 'OW', 'NR', 'NW'])).optional(),
  modes: z.array(z.string()).optional(),
  consumers: z.array(consumerHitShape).optional(),
});

/** A schema's, environment's or consumer's name, which is its id as well: stable, readable, fit for a URL and a stream id. */
export const nameShape = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/,
    'letters, digits, dot, dash and underscore; at most 100; starts with a letter or digit',
  );

const objectNameShape = z.object({ namespace: z.string().exactOptional(), name: z.string() });

/** What a version says of the earlier name of a table or column (`RenameHint`). */
export const renameHintShape = z.object({
  table: objectNameShape,
  column: z.string().exactOptional().describe('Absent where the table itself was renamed'),
  was: objectNameShape.describe('The earlier name; of a table with its namespace'),
});

/** Compatibility modes as they travel (engines.md section 9). */
export const modeShape = z.enum([
  'none',
  'backward',
  'forward',
  'full',
  'backward-transitive',
  'forward-transitive',
  'full-transitive',
]);
