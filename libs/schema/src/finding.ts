/** `error` blocks, `warning` needs a look, `info` reports (engines.md section 7). */
export type Severity = 'error' | 'warning' | 'info';

/** What kind of harm a finding names (cli.md, "Shapes"). */
export type HazardClass =
  | 'lock'
  | 'rewrite'
  | 'breaks-clients'
  | 'data-loss'
  | 'data-dependent'
  | 'transaction'
  | 'timeout'
  | 'replication'
  | 'performance'
  | 'security'
  | 'style'
  | 'policy';

/** Old reader, old writer, new reader, new writer (engines.md section 9). */
export type Actor = 'OR' | 'OW' | 'NR' | 'NW';

/** 1-based place in a source file. */
export interface Location {
  readonly file?: string;
  readonly line: number;
  readonly column: number;
}

/** A live consumer that a change hits. */
export interface ConsumerHit {
  readonly name: string;
  readonly version?: string;
  readonly uses: 'reads' | 'writes' | 'reads and writes';
  /** ISO 8601; absent when the use is declared and was never observed. */
  readonly lastSeen?: string;
}

/** One judgement about one object, by one rule. */
export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly hazard: HazardClass;
  readonly object: string;
  readonly message: string;
  readonly why: string;
  readonly fix: string;
  readonly docs?: string;
  readonly location?: Location;
  readonly statement?: number;
  readonly actors?: readonly Actor[];
  readonly modes?: readonly string[];
  readonly consumers?: readonly ConsumerHit[];
}
