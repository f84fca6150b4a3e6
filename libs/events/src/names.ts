import { z } from 'zod';

/** A subject's, environment's or consumer's name, which is its id as well: stable, readable, fit for a URL and a stream id. */
export const nameShape = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/,
    'letters, digits, dot, dash and underscore; at most 100; starts with a letter or digit',
  );

/** Stream ids: `<aggregate>-<id>` (domain.md). */
export const streams = {
  subject: (name: string): string => `subject-${name}`,
  consumer: (name: string): string => `consumer-${name}`,
  assessment: (subject: string, version: string): string => `assessment-${subject}-${version}`,
  environment: (name: string): string => `environment-${name}`,
  migration: (id: string): string => `migration-${id}`,
  rollout: (id: string): string => `rollout-${id}`,
  execution: (rollout: string, environment: string, attempt: number): string =>
    `execution-${rollout}-${environment}-${attempt}`,
  agent: (id: string): string => `agent-${id}`,
  key: (id: string): string => `key-${id}`,
} as const;

/** Compatibility modes as they travel. */
export const modeShape = z.enum([
  'none',
  'backward',
  'forward',
  'full',
  'backward-transitive',
  'forward-transitive',
  'full-transitive',
]);
