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
    name: 'verify',
    summary: 'check an exported audit trail offline',
    load: async () => (await import('./verify.js')).verify,
  },
  {
    name: 'batch',
    summary: 'answer JSON requests, one per line, for editors and monorepos',
    load: async () => (await import('./batch.js')).batch,
  },
  { name: 'version', summary: 'print versions', load: async () => (await import('./version.js')).versionVerb },
];
