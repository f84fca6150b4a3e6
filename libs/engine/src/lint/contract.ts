import type { Finding, HazardClass, Location, Refusal, Schema, Severity } from '@dsem/schema';
import type { Note, SourceText } from '../source.js';
import type { Cost, Lock } from '../statement.js';

/** What a lint rule tells about itself; listings, documentation and findings come from here. */
export interface LintRule {
  readonly id: string;
  /** What it has seen, as a sentence without its full stop. */
  readonly title: string;
  readonly severity: Severity;
  readonly hazard: HazardClass;
  readonly why: string;
  readonly fix: string;
  /** Present where the rule is a matter of taste or policy: it is silent until somebody asks for it. */
  readonly optional?: true;
}

/** Another severity per rule id; `off` switches a rule off. */
export type LintSeverities = Readonly<Record<string, Severity | 'off'>>;

/** How large a table is, by estimate. */
export interface TableSize {
  readonly rows: number;
  readonly bytes: number;
}

/** Scripts in the order they run, and what is known about the database they run on. */
export interface LintInput {
  readonly sources: readonly SourceText[];
  /** The state before the first script; without it every object that no script made is taken to exist, with rows. */
  readonly state?: Schema;
  /** By `pathOf(table)`. */
  readonly sizes?: ReadonlyMap<string, TableSize>;
  /** The server's version, such as `18` or `14.2`. */
  readonly version: string;
  /** Whoever runs the scripts wraps each in a transaction. */
  readonly inTransaction: boolean;
  readonly severities?: LintSeverities;
}

/** One statement of a script, with what it costs. */
export interface LintedStatement {
  /** Position among all statements of all scripts, from 0. */
  readonly index: number;
  readonly kind: string;
  /** Paths of what it names. */
  readonly objects: readonly string[];
  /** Its strongest lock on something that others may use. */
  readonly lock: Lock;
  readonly cost: Cost;
  readonly location: Location;
}

export interface LintReport {
  readonly statements: readonly LintedStatement[];
  /** In the order of the statements. */
  readonly findings: readonly Finding[];
  /** Scripts that are not valid in the engine's language; nothing of them is judged. */
  readonly broken: readonly Refusal[];
  /** What was understood and left out on purpose. */
  readonly notes: readonly Note[];
}

/** How an engine judges migration scripts: pure, like the rest of its dialect. */
export interface Linter {
  readonly rules: readonly LintRule[];
  /** O(text). A script that cannot be read is told in the report and does not end the run. */
  readonly judge: (input: LintInput) => Promise<LintReport>;
}

/** Where the page of a rule stands. */
export const ruleDocs = (id: string): string =>
  `https://github.com/your-org/distributed-schema-evolution-manager/blob/main/docs/rules/${id}.md`;
