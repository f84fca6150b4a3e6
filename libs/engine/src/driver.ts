import type { Schema } from '@dsem/schema';
import type { Note, SourceText } from './source.js';
import type { Spell, Spelling } from './reconcile.js';

/** The I/O half of an engine: what an agent and the CLI need from a live database. */
export interface Driver {
  /**
   * Opens one dedicated session (never pooled).
   * @throws ConnectionFailed with host and database, never with the password.
   */
  readonly connect: (url: string, options?: ConnectOptions) => Promise<Session>;
  /**
   * Makes an empty throw-away database: on the server of a URL, or, for `embedded`, on a server of our own that is
   * started for it. Absent where the engine has no such way.
   * @throws ConnectionFailed, or a refusal of the server
   */
  readonly scratch?: (via: string) => Promise<Scratch>;
}

/** A database that is there to find out what scripts make. */
export interface Scratch {
  readonly url: string;
  /**
   * Runs scripts in order, a session each; what only a client program understands, and data it would load, is left out
   * and told.
   * @throws DefinitionSyntaxError, InconsistentDefinition with the place of the statement and the server's words
   */
  readonly replay: (sources: readonly SourceText[]) => Promise<readonly Note[]>;
  /** Takes the database, and a server that was started for it, away; safe to call twice. */
  readonly drop: () => Promise<void>;
}

/** What of a database a look at it tells beside its objects. */
export interface InspectOptions {
  /** Who owns each object, and what owners may not do with what is theirs; left out unless asked for. */
  readonly owners?: boolean;
}

export interface ConnectOptions {
  readonly applicationName?: string;
  /** Milliseconds until `connect` gives up; default 10000. */
  readonly connectTimeoutMs?: number;
}

/** Limits of one step. */
export interface StepTimeouts {
  readonly lockMs: number;
  readonly statementMs: number;
}

/** What a step looked like when it ended, as the journal in the target database keeps it. */
export interface JournalEntry {
  readonly execution: string;
  readonly step: string;
  readonly direction: 'forward' | 'reverse';
  readonly state: 'intent' | 'applied' | 'failed';
  readonly planHash: string;
  readonly epoch: number;
  readonly detail?: string;
}

/** The version and digest that was last brought to this database (architecture.md: revision). */
export interface Revision {
  readonly subject: string;
  readonly version: string;
  readonly digest: string;
  readonly execution: string;
}

/** Why a statement did not succeed, in the engine-independent words the agent decides on. */
export type FailureKind =
  | 'lock-timeout'
  | 'statement-timeout'
  | 'deadlock'
  | 'connection-lost'
  | 'data'
  | 'privilege'
  | 'read-only'
  | 'disk-full'
  | 'other';

/**
 * One database session; every method but `close` fails with StatementFailed when the server refuses or is gone.
 *
 * Lock, fence, statements and journal of a step all use the same one.
 */
export interface Session {
  readonly serverVersion: string;
  /** The state of all user objects, normalized; a fixed number of queries in one repeatable-read transaction. O(schema). */
  readonly inspect: (options?: InspectOptions) => Promise<Schema>;
  /** Objects that the last `inspect` saw and that have no noun in the model yet, such as `function public.touch`. */
  readonly unmanaged: () => readonly string[];
  /**
   * How the server itself spells expressions of a desired state; nothing stays behind. Empty where it may not be asked
   * (a read-only server, a missing right).
   */
  readonly spell: Spell;
  /**
   * Keeps spellings in the control schema, which must be there: every later `inspect` of this database tells the
   * definition's spelling, so that a state that was applied has the digest it was registered with.
   */
  readonly rememberSpellings: (spellings: readonly Spelling[]) => Promise<void>;
  /** Row estimates by `pathOf(table)`, without reading tables. */
  readonly tableSizes: () => Promise<ReadonlyMap<string, { readonly rows: number; readonly bytes: number }>>;
  /** Creates the control schema when it is missing; idempotent. */
  readonly prepareControl: () => Promise<void>;
  /** Takes the migrator lock on this session by polling. False when another session holds it after `waitMs`. */
  readonly tryLock: (key: string, waitMs: number) => Promise<boolean>;
  readonly unlock: (key: string) => Promise<void>;
  /** Who holds the migrator lock of `key` now, this session left out. */
  readonly lockHolders: (key: string) => Promise<readonly SessionFacts[]>;
  /** Raises the fencing epoch of `key`; the new epoch, larger than every earlier one. */
  readonly bumpEpoch: (key: string, holder: string) => Promise<number>;
  /** Whether `epoch` is still the newest. Asked before every statement. */
  readonly holdsEpoch: (key: string, epoch: number) => Promise<boolean>;
  /** Sessions other than this one whose tag starts with `tag` and that still run a statement or hold a transaction. */
  readonly orphans: (tag: string) => Promise<readonly { readonly id: string; readonly query: string }[]>;
  /** Cancels the session's statement and, where that does not end it, the session; resolves when it is gone. */
  readonly cancelOrphan: (id: string) => Promise<void>;
  /** Ends a session with all it holds: for a lock holder that does not answer any more. */
  readonly evict: (id: string) => Promise<void>;
  /** Sessions with an open transaction that hold locks on user relations: whom a lock timeout has waited for. */
  readonly blockers: () => Promise<readonly SessionFacts[]>;
  /**
   * Runs one step's statements. Transactional: one transaction together with `record`, which is written before commit.
   * Not transactional: intent is committed first, then the statement, then the record.
   * @throws StatementFailed with a FailureKind; `connection-lost` means the outcome is unknown.
   *   StaleEpoch when `fence` is given and a newer epoch exists; then nothing was done.
   */
  readonly apply: (step: ApplyStep) => Promise<void>;
  /** Whether the journal says that this step of this execution was applied. */
  readonly journal: (execution: string) => Promise<readonly JournalEntry[]>;
  /** The entries of every execution of this plan: who may have left debris behind. */
  readonly journalOfPlan: (planHash: string) => Promise<readonly JournalEntry[]>;
  readonly writeJournal: (entry: JournalEntry) => Promise<void>;
  readonly recordRevision: (revision: Revision) => Promise<void>;
  readonly currentRevision: (subject: string) => Promise<Revision | undefined>;
  /**
   * Whether the server accepts writes, whether a pooler sits in between, transactions older than `seconds`, and which of
   * some roles are not there.
   */
  readonly preflight: (seconds: number, roles?: readonly string[]) => Promise<PreflightFacts>;
  /** Aborts the running statement (a second connection is used) and closes; safe to call twice. */
  readonly close: () => Promise<void>;
}

export interface ApplyStep {
  /** Put in front of each statement as a comment, so that orphans can be found. */
  readonly tag: string;
  readonly transactional: boolean;
  readonly statements: readonly string[];
  readonly timeouts: StepTimeouts;
  /** The key whose newest epoch must be `record.epoch`, checked in the same transaction where there is one. */
  readonly fence?: string;
  readonly intent: JournalEntry;
  readonly record: JournalEntry;
  /** Called between statements and record of a step that is not transactional; when it throws, nothing is recorded. */
  readonly verify?: () => Promise<void>;
  /** Called after each protocol step for failpoints and tracing. */
  readonly at?: (point: 'intent' | 'executed' | 'committed') => void | Promise<void>;
}

/** What a server tells about one of its sessions. */
export interface SessionFacts {
  readonly id: string;
  readonly application: string;
  /** Age of the open transaction. */
  readonly seconds: number;
  /** First 200 characters of the last statement. */
  readonly query: string;
  /** Paths of the user relations it holds locks on. */
  readonly relations: readonly string[];
}

export interface PreflightFacts {
  readonly writable: boolean;
  readonly pooled: boolean;
  readonly longTransactions: readonly { readonly session: string; readonly seconds: number }[];
  /** Privileges that are missing, in the engine's words; empty when the plan can run. */
  readonly missingPrivileges: readonly string[];
  /** Of the roles asked for, those that the server does not have. */
  readonly missingRoles: readonly string[];
}
