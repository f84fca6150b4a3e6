import {
  definitionShape,
  digestShape,
  engineNameShape,
  findingShape,
  locationShape,
  mergeConflictShape,
  modeShape,
  resolutionsShape,
} from '@dsem/schema';
import { z } from 'zod';
import { requestShape } from './batch/request.js';
import { consumersShape } from './state/consumers.js';

const answer = { schemaVersion: z.literal(1), engine: engineNameShape };
const end = z.object({ digest: digestShape });
const change = z.looseObject({ kind: z.string(), object: z.string() });
const probe = z.object({ objects: z.record(z.string(), z.string().nullable()) });

const step = z.object({
  id: z.string(),
  kind: z.string(),
  object: z.string(),
  phase: z.enum(['expand', 'backfill', 'contract', 'single']),
  transactional: z.boolean().describe('The statements run in one transaction'),
  statements: z.array(z.string()),
  reverse: z.array(z.string()).nullable().describe('null when irreversible; then irreversibleBecause says why'),
  reverseTransactional: z.boolean(),
  irreversibleBecause: z.string().optional(),
  reverseLosses: z
    .array(findingShape)
    .optional()
    .describe('Rows or values that the reverse destroys; absent when it destroys none'),
  lock: z.object({ level: z.string(), blocks: z.enum(['none', 'brief', 'writes', 'all']) }),
  cost: z.enum(['meta', 'scan', 'build', 'rewrite', 'hidden']),
  timeouts: z.object({ lockMs: z.number(), statementMs: z.number() }),
  hazards: z.array(findingShape),
  precondition: probe,
  postcondition: probe,
  changes: z.array(z.int()).describe('Indexes into the changes of the plan'),
});

const lintedStatement = z.object({
  index: z.int().describe('Position among the statements of all scripts, from 0'),
  kind: z.string(),
  objects: z.array(z.string()),
  lock: z.object({ level: z.string(), blocks: z.enum(['none', 'brief', 'writes', 'all']) }),
  cost: z.enum(['meta', 'scan', 'build', 'rewrite', 'hidden']),
  location: locationShape,
});

const lintRule = z.object({
  engine: engineNameShape,
  id: z.string(),
  title: z.string(),
  severity: z.enum(['error', 'warning', 'info', 'off']),
  hazard: z.string(),
  why: z.string(),
  fix: z.string(),
  docs: z.string(),
});

const refusal = z.object({
  code: z.string().regex(/^DSEM-\d{4}$/),
  title: z.string(),
  detail: z.string().optional(),
  location: locationShape.optional(),
  object: z.string().optional(),
  fix: z.string().optional(),
  errors: z
    .array(
      z.object({
        path: z.string(),
        message: z.string(),
        code: z.string().optional(),
        object: z.string().optional(),
        location: locationShape.optional(),
      }),
    )
    .optional(),
  findings: z.array(findingShape).optional(),
});

/** The shapes that scripts build on; specs hold every answer against them. */
export const shapes = {
  Inspect: z.object({ ...answer, digest: digestShape, definition: z.looseObject({}), sql: z.string() }),
  Diff: z.object({ ...answer, from: end, to: end, changes: z.array(change) }),
  Plan: z.object({
    ...answer,
    engineVersion: z.string(),
    from: end,
    to: end,
    owners: z
      .object({ from: z.array(z.string()), to: z.array(z.string()) })
      .optional()
      .describe('What each end names the owner of; owners of other objects do not count'),
    hash: digestShape.describe('What an approval binds to'),
    destructive: z.boolean().describe('Rows or values can be lost; the findings say why'),
    changes: z.array(change),
    steps: z.array(step),
    findings: z.array(findingShape),
  }),
  Check: z.object({
    ...answer,
    mode: modeShape,
    compatible: z.boolean(),
    backwardCompatible: z.boolean(),
    forwardCompatible: z.boolean(),
    score: z.int().min(0).max(100),
    arithmetic: z.object({ liveBreaks: z.int(), potentialBreaks: z.int(), warnings: z.int() }),
    semver: z.enum(['major', 'minor', 'patch', 'none']),
    findings: z.array(findingShape),
    ruleset: z.string(),
  }),
  Merge: z.object({
    ...answer,
    clean: z.boolean(),
    definition: z.looseObject({}).nullable().describe('null until nothing is left to be decided'),
    sql: z.string().nullable(),
    conflicts: z.array(mergeConflictShape),
    notes: z.array(z.string()),
    changes: z.array(change).describe('What the merge brings to ours'),
  }),
  Resolutions: resolutionsShape,
  Lint: z.object({
    ...answer,
    engineVersion: z.string(),
    statements: z.array(lintedStatement),
    findings: z.array(findingShape),
    errors: z.array(refusal).describe('Scripts that could not be read, the others are judged'),
  }),
  LintRules: z.object({ schemaVersion: z.literal(1), rules: z.array(lintRule) }),
  Verify: z.object({
    schemaVersion: z.literal(1),
    valid: z.boolean(),
    entries: z.int(),
    checkpoints: z.int(),
    keySource: z.enum(['given', 'header', 'none']),
    publicKey: z.string().optional(),
    firstBadEntry: z.int().optional(),
    suspectEntries: z.object({ from: z.int(), to: z.int() }).optional(),
    firstBadLine: z.int().optional(),
    problem: z.string().optional(),
  }),
  Finding: findingShape,
  Error: z.object({
    error: refusal,
  }),
  BatchRequest: requestShape,
  Consumers: consumersShape,
  Definition: definitionShape,
} as const;

/** JSON Schemas (2020-12) by the name of the shape. Answers of `batch` are the verb's shape with the request's `id`. */
export const jsonSchemas = (): Readonly<Record<string, object>> =>
  Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [
      name,
      z.toJSONSchema(shape, { io: 'input', unrepresentable: 'any' }),
    ]),
  );
