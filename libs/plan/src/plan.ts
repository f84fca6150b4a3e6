import type { Blocks, Cost, StepTimeouts } from '@dsem/engine';
import type { Change, EngineName, Finding } from '@dsem/schema';

/**
 * A catalogue predicate: the listed objects have exactly these digests; null says the object is absent.
 * Keys are footprint keys (`column public.users.email`), values are `footprint` digests.
 */
export interface Probe {
  readonly objects: { readonly [key: string]: string | null };
}

export type Phase = 'expand' | 'backfill' | 'contract' | 'single';

/** One atomic unit of work: one statement, or several in one transaction. */
export interface Step {
  readonly id: string;
  readonly kind: string;
  readonly object: string;
  readonly phase: Phase;
  readonly transactional: boolean;
  readonly statements: readonly string[];
  /** null when irreversible; then `irreversibleBecause` says why. */
  readonly reverse: readonly string[] | null;
  readonly reverseTransactional: boolean;
  readonly irreversibleBecause?: string;
  /** The data-loss hazards of `reverse`: rows and values that taking the step back destroys; absent when none. */
  readonly reverseLosses?: readonly Finding[];
  readonly lock: { readonly level: string; readonly blocks: Blocks };
  readonly cost: Cost;
  readonly timeouts: StepTimeouts;
  readonly hazards: readonly Finding[];
  readonly precondition: Probe;
  readonly postcondition: Probe;
  /** Indexes into `Plan.changes`. */
  readonly changes: readonly number[];
}

/** The way from one digest to another, and back (cli.md, "Shapes"). */
export interface Plan {
  readonly schemaVersion: 1;
  readonly engine: EngineName;
  readonly engineVersion: string;
  readonly from: { readonly digest: string };
  readonly to: { readonly digest: string };
  /** What each state names the owner of, as grants name it; absent where neither names one. Owners of other objects do not count. */
  readonly owners?: { readonly from: readonly string[]; readonly to: readonly string[] };
  /** SHA-256 over the canonical JSON of everything else; what an approval binds to. */
  readonly hash: string;
  /** true when rows or values can be lost; the reason is in `findings`. */
  readonly destructive: boolean;
  readonly changes: readonly Change[];
  readonly steps: readonly Step[];
  readonly findings: readonly Finding[];
}
