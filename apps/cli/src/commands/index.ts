import type { Verb } from '../context.js';

/** A verb in the list of `dsem help`; its file is loaded only when it is called. */
export interface ListedVerb {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<Verb>;
}

/** The one list of verbs, in the order people meet them. */
export const verbs: readonly ListedVerb[] = [
  {
    name: 'inspect',
    summary: 'print a state: what it holds, its DDL or its canonical form',
    load: async () => (await import('./inspect.js')).inspect,
  },
  { name: 'diff', summary: 'tell the changes between two states', load: async () => (await import('./diff.js')).diff },
  {
    name: 'plan',
    summary: 'make ordered, safe steps from one state to another, and the way back',
    load: async () => (await import('./plan.js')).plan,
  },
  {
    name: 'check',
    summary: 'judge whether a state may follow others',
    load: async () => (await import('./check.js')).check,
  },
  {
    name: 'lint',
    summary: 'judge migration scripts, statement by statement',
    load: async () => (await import('./lint.js')).lint,
  },
  {
    name: 'merge',
    summary: 'merge two states that came from one, object by object',
    load: async () => (await import('./merge.js')).merge,
  },
  {
    name: 'verify',
    summary: 'check an exported audit trail offline',
    load: async () => (await import('./verify.js')).verify,
  },
  {
    name: 'batch',
    summary: 'answer JSON requests, one per line, for editors and monorepos',
    load: async () => (await import('./batch.js')).batch,
  },
  {
    name: 'login',
    summary: 'store the server and an API key for this user',
    load: async () => (await import('./login.js')).login,
  },
  { name: 'logout', summary: 'forget them', load: async () => (await import('./logout.js')).logout },
  {
    name: 'register',
    summary: 'register a schema, or its next version',
    load: async () => (await import('./register.js')).register,
  },
  {
    name: 'validate',
    summary: 'have the server judge a state, with its versions and live consumers',
    load: async () => (await import('./validate.js')).validate,
  },
  { name: 'schema', summary: 'list, show, versions, delete', load: async () => (await import('./schema.js')).schema },
  { name: 'consumer', summary: 'declare, list, retire', load: async () => (await import('./consumer.js')).consumer },
  {
    name: 'migration',
    summary: 'create, list, show, steps, cancel, pause, resume and more',
    load: async () => (await import('./migration.js')).migration,
  },
  {
    name: 'approve',
    summary: 'approve exactly the plans a migration has',
    load: async () => (await import('./approve.js')).approve,
  },
  {
    name: 'rollout',
    summary: 'bring an approved migration out, in waves',
    load: async () => (await import('./rollout.js')).rollout,
  },
  { name: 'rollback', summary: 'take a migration back', load: async () => (await import('./rollout.js')).rollback },
  {
    name: 'status',
    summary: 'how far migrations are, and what may be asked next',
    load: async () => (await import('./migration.js')).status,
  },
  {
    name: 'env',
    summary: 'add, list, show, health, policy, sync, retire, close-breaker',
    load: async () => (await import('./env.js')).env,
  },
  { name: 'audit', summary: 'list, export', load: async () => (await import('./audit.js')).audit },
  {
    name: 'explain',
    summary: 'tell the story of a migration in sentences',
    load: async () => (await import('./explain.js')).explain,
  },
  { name: 'key', summary: 'issue, list, revoke', load: async () => (await import('./key.js')).key },
  {
    name: 'dead-letter',
    summary: 'list, keys, show, replay, discard: messages that could not be handled',
    load: async () => (await import('./dead-letter.js')).deadLetter,
  },
  {
    name: 'doctor',
    summary: 'tell what is set and whether it works',
    load: async () => (await import('./doctor.js')).doctor,
  },
  { name: 'version', summary: 'print versions', load: async () => (await import('./version.js')).versionVerb },
];
