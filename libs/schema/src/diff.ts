import { applyChanges, tableShell, withShell } from './apply.js';
import type { DiffAnswers } from './ask.js';
import type { Change } from './change.js';
import { diffColumns } from './diff-columns.js';
import { diffTableParts } from './diff-parts.js';
import { equal } from './equal.js';
import { EngineMismatch } from './errors.js';
import type {
  EngineObject,
  Extension,
  Grant,
  Namespace,
  Policy,
  Routine,
  Schema,
  Sequence,
  Table,
  Trigger,
  TypeDefinition,
  View,
} from './model.js';
import { diffParents } from './diff-parents.js';
import { invert } from './invert.js';
import { withOwnersNamed } from './owner.js';
import { type Rename, renameChanges } from './rename.js';
import { type Slot, slots } from './slot.js';

/** How one noun's coming, going and altering are said as changes. */
interface Verbs<Value> {
  readonly slot: Slot<Schema, Value>;
  readonly create: (object: string, value: Value) => Change;
  readonly drop: (object: string, value: Value) => Change;
  readonly alter: (object: string, from: Value, to: Value) => readonly Change[];
}

/** Drops are kept apart: some nouns go before everything else, some after. */
interface Walked {
  readonly drops: readonly Change[];
  readonly rest: readonly Change[];
}

/** The values of both lists without those that they share by reference, in order. O(values), a comparison each. */
const unshared = <Value>(before: readonly Value[], after: readonly Value[]): readonly [Value[], Value[]] => {
  if (before.length === after.length)
    return [before.filter((value, at) => value !== after[at]), after.filter((value, at) => value !== before[at])];
  const [old, fresh] = [new Set(before), new Set(after)];
  return [before.filter((value) => !fresh.has(value)), after.filter((value) => !old.has(value))];
};

const walk = <Value>(from: Schema, to: Schema, { slot, create, drop, alter }: Verbs<Value>): Walked => {
  const [before, after] = unshared(slot.read(from), slot.read(to));
  if (before.length === 0 && after.length === 0) return { drops: [], rest: [] };
  const old = new Map(before.map((value) => [slot.path(value), value]));
  const kept = new Set(after.map(slot.path));
  return {
    drops: [...old].filter(([path]) => !kept.has(path)).map(([path, value]) => drop(path, value)),
    rest: after.flatMap((value) => {
      const path = slot.path(value);
      const was = old.get(path);
      return was === undefined ? [create(path, value)] : equal(was, value) ? [] : alter(path, was, value);
    }),
  };
};

const namespaces: Verbs<Namespace> = {
  slot: slots.namespace,
  create: (object, namespace) => ({ kind: 'create-namespace', object, namespace }),
  drop: (object, namespace) => ({ kind: 'drop-namespace', object, namespace }),
  alter: (object, from, to) => [{ kind: 'alter-namespace', object, from, to }],
};
const extensions: Verbs<Extension> = {
  slot: slots.extension,
  create: (object, extension) => ({ kind: 'create-extension', object, extension }),
  drop: (object, extension) => ({ kind: 'drop-extension', object, extension }),
  alter: (object, from, to) => [{ kind: 'alter-extension', object, from, to }],
};
const types: Verbs<TypeDefinition> = {
  slot: slots.type,
  create: (object, type) => ({ kind: 'create-type', object, type }),
  drop: (object, type) => ({ kind: 'drop-type', object, type }),
  alter: (object, from, to) =>
    from.kind === to.kind
      ? [{ kind: 'alter-type', object, from, to }]
      : [types.drop(object, from), types.create(object, to)],
};
const sequences: Verbs<Sequence> = {
  slot: slots.sequence,
  create: (object, sequence) => ({ kind: 'create-sequence', object, sequence }),
  drop: (object, sequence) => ({ kind: 'drop-sequence', object, sequence }),
  alter: (object, from, to) => [{ kind: 'alter-sequence', object, from, to }],
};
const routines: Verbs<Routine> = {
  slot: slots.routine,
  create: (object, routine) => ({ kind: 'create-routine', object, routine }),
  drop: (object, routine) => ({ kind: 'drop-routine', object, routine }),
  alter: (object, from, to) => [{ kind: 'alter-routine', object, from, to }],
};
const views: Verbs<View> = {
  slot: slots.view,
  create: (object, view) => ({ kind: 'create-view', object, view }),
  drop: (object, view) => ({ kind: 'drop-view', object, view }),
  alter: (object, from, to) => [{ kind: 'alter-view', object, from, to }],
};
const triggers: Verbs<Trigger> = {
  slot: slots.trigger,
  create: (object, trigger) => ({ kind: 'create-trigger', object, trigger }),
  drop: (object, trigger) => ({ kind: 'drop-trigger', object, trigger }),
  alter: (object, from, to) => [{ kind: 'alter-trigger', object, from, to }],
};
const policies: Verbs<Policy> = {
  slot: slots.policy,
  create: (object, policy) => ({ kind: 'create-policy', object, policy }),
  drop: (object, policy) => ({ kind: 'drop-policy', object, policy }),
  alter: (object, from, to) => [{ kind: 'alter-policy', object, from, to }],
};
const grants: Verbs<Grant> = {
  slot: slots.grant,
  create: (object, grant) => ({ kind: 'create-grant', object, grant }),
  drop: (object, grant) => ({ kind: 'drop-grant', object, grant }),
  alter: (object, from, to) => [{ kind: 'alter-grant', object, from, to }],
};
const others: Verbs<EngineObject> = {
  slot: slots.object,
  create: (object, value) => ({ kind: 'create-object', object, value }),
  drop: (object, value) => ({ kind: 'drop-object', object, value }),
  alter: (object, from, to) => [{ kind: 'alter-object', object, from, to }],
};

/** Where a table stands among its parents moves by changes of its own. */
const placedAs = (table: Table, like: Table): Table => {
  const { partitionOf: _, inherits: __, ...rest } = table;
  const { partitionOf, inherits } = like;
  return { ...rest, ...(partitionOf && { partitionOf }), ...(inherits && { inherits }) };
};

const diffShell = (object: string, from: Table, to: Table, ask: DiffAnswers): readonly Change[] => {
  const after = ask.withoutParents === undefined ? to : placedAs(to, from);
  return equal(tableShell(from), tableShell(after))
    ? []
    : [{ kind: 'alter-table', object, from, to: withShell(from, after) }];
};

/** One table's changes in an order in which they can be carried out on the model and, alone, on a database. */
const diffTable = (object: string, from: Table, to: Table, ask: DiffAnswers): readonly Change[] => {
  const parts = diffTableParts(from, to, ask);
  return [...diffShell(object, from, to, ask), ...parts.drops, ...diffColumns(from, to, ask), ...parts.rest];
};

const tables = (from: Schema, to: Schema, ask: DiffAnswers): Verbs<Table> => ({
  slot: slots.table,
  create: (object, table) => ({ kind: 'create-table', object, table }),
  drop: (object, table) => ({ kind: 'drop-table', object, table }),
  alter: (object, before, after) => {
    const { left, joined, apart, toJoin } = diffParents(object, before, after, { from, to, ask });
    return [...left, ...diffTable(object, apart, toJoin, ask), ...joined];
  },
});

const walkAll = (from: Schema, to: Schema, ask: DiffAnswers): readonly Change[] => {
  const base = [
    walk(from, to, namespaces),
    walk(from, to, extensions),
    walk(from, to, types),
    walk(from, to, sequences),
    walk(from, to, tables(from, to, ask)),
    walk(from, to, routines),
  ];
  const dependent = [
    walk(from, to, views),
    walk(from, to, triggers),
    walk(from, to, policies),
    walk(from, to, grants),
    walk(from, to, others),
  ];
  return [
    ...dependent.toReversed().flatMap(({ drops }) => drops),
    ...[...base, ...dependent].flatMap(({ rest }) => rest),
    ...base.toReversed().flatMap(({ drops }) => drops),
  ];
};

/**
 * What has to happen to `from` so that it becomes `to`; both in normal form. Renames happen only where declared.
 * Objects shared by reference are equal at once, so a diff after a persistent apply is cheap. O(from + to).
 * @throws EngineMismatch when the states belong to different engines; InconsistentDefinition when a rename has no ends.
 */
export const diff = (
  from: Schema,
  to: Schema,
  ask: DiffAnswers,
  renames: readonly Rename[] = [],
): readonly Change[] => {
  if (from.engine !== to.engine) {
    throw new EngineMismatch(`One state is for ${from.engine}, the other one for ${to.engine}.`);
  }
  const moved = renameChanges(from, to, renames);
  const named = withOwnersNamed(applyChanges(from, moved), to);
  return [...moved, ...walkAll(named.from, named.to, ask)];
};

/**
 * The two states as `diff` compares them: what a state does not say of owners stands in both, and the earlier one has its
 * old names. O(from + to).
 */
export const compared = (
  from: Schema,
  to: Schema,
  renames: readonly Rename[] = [],
): { readonly from: Schema; readonly to: Schema } => {
  const moved = renameChanges(from, to, renames);
  const now = applyChanges(from, moved);
  const named = withOwnersNamed(now, to);
  if (named.from === now) return { from, to: named.to };
  return { from: applyChanges(named.from, moved.toReversed().map(invert)), to: named.to };
};
