import type { Dialect } from '@dsem/engine';
import type { Actor, Change, ChangeKind, ChangeOf, HazardClass, Schema, Severity } from '@dsem/schema';
import type { Bump } from './report.js';

/** What a rule may look at beside the change itself. */
export interface RuleContext {
  readonly from: Schema;
  readonly to: Schema;
  readonly changes: readonly Change[];
  readonly dialect: Pick<Dialect, 'diff' | 'typeChange'>;
}

/** One place where a rule applies; what it leaves out is as the rule says. */
export interface Hit {
  readonly object: string;
  /** What happens, as a sentence without its full stop. */
  readonly message: string;
  readonly severity?: Severity;
  readonly breaks?: readonly Actor[];
  readonly bump?: Bump;
  /** Paths whose readers and writers notice; the object when absent. */
  readonly touches?: readonly string[];
}

/** One kind of judgement with all its metadata: listing, documentation and digest come from here. */
export interface Rule {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly hazard: HazardClass;
  /** The actors that fail; empty when only cost or behaviour is at stake. */
  readonly breaks: readonly Actor[];
  readonly bump: Bump;
  readonly why: string;
  readonly fix: string;
  readonly on: readonly ChangeKind[];
  readonly check: (change: Change, context: RuleContext) => readonly Hit[];
}

interface RuleOf<Kind extends ChangeKind> extends Omit<Rule, 'on' | 'check'> {
  readonly on: readonly Kind[];
  readonly check: (change: ChangeOf<Kind>, context: RuleContext) => readonly Hit[];
}

/** Declares a rule whose check sees only the kinds of change it is about. */
export const rule = <Kind extends ChangeKind>(declared: RuleOf<Kind>): Rule => ({
  ...declared,
  check: (change, context) =>
    (declared.on as readonly ChangeKind[]).includes(change.kind)
      ? declared.check(change as ChangeOf<Kind>, context)
      : [],
});
