import type { Finding } from '@dsem/schema';

/** What a statement pays (engines.md section 0). */
export type Cost = 'meta' | 'scan' | 'build' | 'rewrite' | 'hidden';
/** Whom its lock keeps waiting. */
export type Blocks = 'none' | 'brief' | 'writes' | 'all';

/** The engine's own lock name and what it means for others. */
export interface Lock {
  readonly level: string;
  readonly blocks: Blocks;
}

/** One statement a dialect has printed, with what it costs and risks. */
export interface Statement {
  readonly text: string;
  readonly lock: Lock;
  readonly cost: Cost;
  /** false when the engine refuses it inside a transaction block, or commits implicitly. */
  readonly transactional: boolean;
  readonly hazards: readonly Finding[];
}
