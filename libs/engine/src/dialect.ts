import type {
  Change,
  Check,
  Column,
  ColumnType,
  DiffAnswers,
  EngineName,
  Expression,
  Index,
  ObjectName,
  Reference,
  RenameHint,
  Schema,
  Standing,
  Table,
  Uses,
} from '@dsem/schema';
import type { Capabilities } from './capabilities.js';
import type { Linter } from './lint/contract.js';
import type { Note, SourceText } from './source.js';
import type { Statement } from './statement.js';

export type { DiffAnswers as DialectDiff } from '@dsem/schema';

export interface ParsedState {
  /** Already normalized. */
  readonly schema: Schema;
  readonly notes: readonly Note[];
  /** What the source says of earlier names, where it says anything. */
  readonly renamedFrom?: readonly RenameHint[];
}

/** What rendering may depend on beside the change. */
export interface RenderContext {
  /** The state just before this change; O(changed) look-ups only. */
  readonly state: Schema;
  /** The target server's version, such as `18` or `13`. */
  readonly version: string;
  /** `online`: safest form for live traffic; `offline`: one window, shortest total time. */
  readonly style: 'online' | 'offline';
}

/** How safe moving a value from one type to another is (engines.md, "Type lattice" of each engine). */
export interface TypeChange {
  /** `same` no visible change, `widen` holds every old value, `narrow` may refuse or cut, `family` another kind of value. */
  readonly effect: 'same' | 'widen' | 'narrow' | 'family';
  readonly rewrite: boolean;
}

/** Something that cannot stay as it is while a change is carried out. */
export interface Pin {
  readonly reference: Reference;
  /**
   * `replaced`: the object itself goes and comes back, so everything that names it steps aside, constraints, defaults,
   * indexes and grants included. Otherwise the engine carries those along by itself, and only code that names it does.
   */
  readonly replaced: boolean;
  /** Of a `replaced` pin: what the engine carries along nevertheless, such as an index on the plain column. */
  readonly carries?: (user: Standing) => boolean;
}

/** Conditions about the rows of a partition, in normal form. */
export interface PartitionChecks {
  /** Holds for every row of the partition: a valid check of it spares the look at the rows when the table is attached. */
  readonly inside: Expression;
  /** Holds for every row of the default partition once this partition is there. */
  readonly outside: Expression;
  /** The check that the engine leaves on a partition that is detached while everyone goes on; absent where it cannot be. */
  readonly left?: Check;
}

/** A part of a partitioned table as it stands on one of the partitions that hold rows. */
export interface PartitionCopy {
  readonly table: ObjectName;
  readonly name: string;
}

/** The pure half of an engine: no I/O, no clock, no randomness. */
export interface Dialect {
  readonly engine: EngineName;
  readonly capabilities: Capabilities;
  /**
   * Reads DDL into the canonical model. O(text).
   * @throws DefinitionSyntaxError with file, line and column; UnsupportedDefinition with the object's name;
   *   InconsistentDefinition where statements contradict each other.
   */
  readonly parse: (sources: readonly SourceText[]) => Promise<ParsedState>;
  /** Brings a model that came from JSON or from a server into normal form. O(schema). */
  readonly normalize: (schema: Schema) => Promise<Schema>;
  /** DDL that builds the state on an empty database, in a workable order; each without a trailing semicolon. O(schema). */
  readonly print: (schema: Schema) => readonly string[];
  readonly diff: DiffAnswers;
  readonly typeChange: (from: ColumnType, to: ColumnType) => TypeChange;
  /**
   * Normal form of the check that proves a column free of NULL; present where `notNullByCheck` holds. Undefined for a
   * column whose rows are not to be looked at.
   */
  readonly notNullCheck?: (column: Column) => Expression | undefined;
  /**
   * What a noun names beside what its shape says (`shapeNeeds`): names in expressions, types and bodies. The change
   * says that it comes or goes. O(noun).
   */
  readonly uses?: (change: Standing) => Uses;
  /**
   * What a change pins: whoever names it is dropped before the change and made again after it. O(change).
   */
  readonly pins?: (change: Change, context: RenderContext) => readonly Pin[];
  /** An index as it can be built in one statement; the rest is set afterwards. All but its comment where absent. */
  readonly asBuilt?: (index: Index) => Index;
  /** A name shared by changes of one plan that are one step, because the engine changes each along with the others. */
  readonly bundle?: (change: Change) => string | undefined;
  /** Whether the engine makes a change of the table along with another one of its parts. O(table's attributes). */
  readonly follows?: (leader: Change, change: Change) => boolean;
  /** Whether a table is lost to others for as long as it has no index of that name. O(1). */
  readonly reliesOn?: (table: Table, index: string) => boolean;
  /** What a partition's bound says as checks; undefined where it cannot be said so simply. O(columns). */
  readonly partitionChecks?: (partition: Table, context: RenderContext) => PartitionChecks | undefined;
  /** The copies of a partitioned table's key or index in a state, on the partitions that hold rows. */
  readonly partitionCopies?: (table: ObjectName, part: string, state: Schema) => readonly PartitionCopy[];
  /**
   * The statements of one atomic change.
   * @throws UnsupportedChange naming the object.
   */
  readonly render: (change: Change, context: RenderContext) => readonly Statement[];
  /** Judges migration scripts; absent while the engine has no rules of its own. */
  readonly lint?: Linter;
}
