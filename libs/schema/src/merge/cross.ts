import { type ReadUses, hardUses, inOrderOf, orderByNames } from '../change-order.js';
import { checkConsistency } from '../consistency.js';
import { equal } from '../equal.js';
import { InconsistentDefinition, UnsupportedChange } from '../errors.js';
import { allColumns, tableFinder } from '../inheritance.js';
import { type Column, type ForeignKey, type ObjectName, pathOf, type Schema, type Table } from '../model.js';
import type { Reference } from '../reference.js';
import { tableSlots } from '../slot.js';
import type { MergeAnswers } from './answers.js';
import { type MergeConflict, type Place, placeKey, type Side, told } from './conflict.js';
import { type Piece, piecesOf, providersIn } from './pieces.js';

/** What a decision does to the next attempt. */
export interface Outcome {
  readonly sides?: readonly (readonly [Place, Side])[];
  readonly values?: readonly (readonly [Place, unknown])[];
}

/** A conflict between objects, and what deciding it means; absent where only another change of a side helps. */
export interface CrossConflict {
  readonly conflict: Omit<MergeConflict, 'choices'>;
  readonly take?: (side: Side) => Outcome;
  readonly edit?: (value: unknown) => Outcome;
}

/** A state with what it consists of and provides. */
interface Read {
  readonly schema: Schema;
  readonly pieces: readonly Piece[];
  readonly provides: ReadonlyMap<Reference, readonly Piece[]>;
  readonly piece: (place: Place) => Piece | undefined;
  readonly at: (place: Place) => unknown;
}

const read = (schema: Schema): Read => {
  const pieces = piecesOf(schema);
  let byKey: ReadonlyMap<string, Piece> | undefined;
  const piece = (place: Place): Piece | undefined => {
    byKey ??= new Map(pieces.map((one) => [placeKey(one.place), one]));
    return byKey.get(placeKey(place));
  };
  return { schema, pieces, provides: providersIn(schema, pieces), piece, at: (place) => piece(place)?.value };
};

type States = { readonly [State in 'base' | Side]: Schema };

/** The three states beside the merged one; `named` are those before renames were followed. */
export interface MergeStates {
  readonly aligned: States;
  readonly named: States;
  readonly merged: Schema;
}

type Reads = { readonly [State in 'base' | Side]: Read };

/** States that are the same are read once. */
const readAll = (states: States, known?: Reads): Reads => {
  const of = (state: keyof States): Read =>
    known !== undefined && known[state].schema === states[state] ? known[state] : read(states[state]);
  return { base: of('base'), ours: of('ours'), theirs: of('theirs') };
};

const valuesAt = (place: Place, { base, ours, theirs }: Reads): Pick<MergeConflict, 'base' | Side> => ({
  base: told(base.at(place)),
  ours: told(ours.at(place)),
  theirs: told(theirs.at(place)),
});

const found = (reference: Reference, reads: Reads): Piece | undefined =>
  (reads.base.provides.get(reference) ??
    reads.ours.provides.get(reference) ??
    reads.theirs.provides.get(reference))?.[0];

interface Missing {
  readonly reference: Reference;
  readonly users: Piece[];
}

/** Whether a use stood before: on a side that has the user, needing the same, and what it names. */
const stood = ({ place }: Piece, reference: Reference, sides: readonly Read[], uses: ReadUses): boolean => {
  const users = sides.filter((side) => {
    const user = side.piece(place);
    return user !== undefined && hardUses(user.standing, uses).includes(reference);
  });
  return users.length > 0 && users.every((side) => side.provides.has(reference));
};

/** What is not in both sides as it is in the merged state: only that can lack something or go in a circle. */
const changedIn = (merged: Read, { ours, theirs }: Reads): readonly Piece[] =>
  merged.pieces.filter(({ place, value }) => !equal(value, ours.at(place)) || !equal(value, theirs.at(place)));

/** What the merged state needs and does not hold, although a side held both. */
const missingIn = (
  merged: Read,
  changed: readonly Piece[],
  uses: ReadUses,
  sides: readonly (readonly Read[])[],
): readonly Missing[] => {
  const missing = new Map<Reference, Missing>();
  const isGone = sides.flat().some((side) => [...side.provides.keys()].some((one) => !merged.provides.has(one)));
  for (const piece of isGone ? changed : []) {
    for (const reference of new Set(hardUses(piece.standing, uses))) {
      if (merged.provides.has(reference) || !sides.some((pair) => stood(piece, reference, pair, uses))) continue;
      const entry = missing.get(reference) ?? { reference, users: [] };
      entry.users.push(piece);
      missing.set(reference, entry);
    }
  }
  return [...missing.values()];
};

/** What stood on a dropped object and went with it comes back with it. */
const goneWith = (dropped: Piece, from: Read, merged: Read, uses: ReadUses): readonly Place[] => {
  const given = new Set([...from.provides].flatMap(([reference, by]) => (by.includes(dropped) ? [reference] : [])));
  return from.pieces.flatMap((piece) =>
    merged.at(piece.place) === undefined && hardUses(piece.standing, uses).some((one) => given.has(one))
      ? [piece.place]
      : [],
  );
};

const dropUse = ({ users }: Missing, dropped: Piece, reads: Reads, merged: Read, uses: ReadUses): CrossConflict => {
  const { place } = dropped;
  const values = valuesAt(place, reads);
  const usedBy = [...new Set(users.map((user) => user.place.object))].sort();
  const isDrop = (values.ours === null) !== (values.theirs === null);
  const dropper: Side = values.ours === null ? 'ours' : 'theirs';
  const why = `${dropper} dropped the ${place.noun} ${place.object}, which the other side uses in ${usedBy.join(', ')}`;
  const proposal = dropper === 'ours' ? values.theirs : values.ours;
  const conflict: CrossConflict['conflict'] = {
    kind: 'drop-use',
    ...place,
    aspect: 'existence',
    ...values,
    proposal,
    why,
    usedBy,
  };
  if (!isDrop) return { conflict: { ...conflict, kind: 'inconsistent', proposal: null } };
  const keeper: Side = dropper === 'ours' ? 'theirs' : 'ours';
  const back = (): readonly Place[] => {
    const kept = reads[keeper].piece(place);
    return kept === undefined ? [] : goneWith(kept, reads[keeper], merged, uses);
  };
  return {
    conflict,
    take: (side) =>
      side === dropper
        ? { sides: [place, ...users.map((user) => user.place)].map((one) => [one, side] as const) }
        : { sides: [place, ...back()].map((one) => [one, side] as const) },
  };
};

/** Code of one side names something by the name that the other side changed. */
const renameUse = (user: Piece, references: readonly Reference[], reads: Reads): CrossConflict => {
  const { place } = user;
  const names = references.map((reference) => reference.replace(/^\w+ /u, ''));
  const why = `the ${place.noun} ${place.object} of one side names ${names.join(', ')}, which the other side renamed`;
  const values = valuesAt(place, reads);
  return {
    conflict: { kind: 'rename-use', ...place, aspect: 'definition', ...values, proposal: null, why },
    take: (side) => ({ sides: [[place, side]] }),
    edit: (value) => ({ values: [[place, value]] }),
  };
};

const danglingUses = (
  merged: Read,
  changed: readonly Piece[],
  { aligned, named }: { readonly aligned: Reads; readonly named: Reads },
  uses: ReadUses,
): readonly CrossConflict[] => {
  const missing = missingIn(merged, changed, uses, [
    [aligned.ours, aligned.theirs],
    [named.ours, named.theirs],
  ]);
  const dropped = new Map<string, Missing & { readonly by: Piece }>();
  const renamed = new Map<Piece, Reference[]>();
  for (const one of missing) {
    const by = found(one.reference, aligned);
    if (by === undefined)
      for (const user of one.users) renamed.set(user, [...(renamed.get(user) ?? []), one.reference]);
    else {
      const known = dropped.get(placeKey(by.place));
      if (known === undefined) dropped.set(placeKey(by.place), { ...one, by });
      else known.users.push(...one.users);
    }
  }
  const isPart = ({ by: { standing } }: { readonly by: Piece }): boolean =>
    'table' in standing && standing.kind !== 'create-table' && dropped.has(`table ${pathOf(standing.table)}`);
  return [
    ...[...dropped.values()].filter((one) => !isPart(one)).map((one) => dropUse(one, one.by, aligned, merged, uses)),
    ...[...renamed].map(([user, references]) => renameUse(user, references, aligned)),
  ];
};

/** Tables, views, sequences and indexes share their names; each side may have made another kind. */
const nameClashes = (merged: Read, reads: Reads): readonly CrossConflict[] =>
  [...merged.provides].flatMap(([reference, by]): readonly CrossConflict[] => {
    const [first, second] = by;
    if (!reference.startsWith('relation ') || first === undefined || second === undefined) return [];
    const mine = by.find(({ place }) => reads.theirs.at(place) === undefined);
    const other = by.find(({ place }) => reads.ours.at(place) === undefined);
    if (mine === undefined || other === undefined) return [];
    const why = `ours made the ${mine.place.noun} ${mine.place.object}, theirs the ${other.place.noun} ${other.place.object}; they share one name`;
    const values = { base: null, ours: told(mine.value), theirs: told(other.value), proposal: null };
    const { place } = placeKey(mine.place) < placeKey(other.place) ? mine : other;
    return [
      {
        conflict: { kind: 'name', ...place, aspect: 'name', ...values, why },
        take: (side) => ({ sides: [mine.place, other.place].map((one) => [one, side] as const) }),
      },
    ];
  });

const columnIn = (schema: Schema, table: ObjectName, name: string): Column | undefined => {
  const find = tableFinder(schema);
  const known = find(table);
  return known === undefined ? undefined : allColumns(known, find).find((column) => column.name === name);
};

interface Pair {
  readonly table: Table;
  readonly key: ForeignKey;
  readonly from: string;
  readonly to: string;
}

const pairsOf = (schema: Schema): readonly Pair[] =>
  schema.tables.flatMap((table) =>
    tableSlots['foreign-key'].read(table).flatMap((key) =>
      key.columns.flatMap((from, at) => {
        const to = key.references.columns[at];
        return to === undefined ? [] : [{ table, key, from, to }];
      }),
    ),
  );

/** Whether the columns of a pair have one type in a state; undefined where one of them is not there. */
const fits = (schema: Schema, { table, key, from, to }: Pair, { diff }: MergeAnswers): boolean | undefined => {
  const [one, other] = [columnIn(schema, table, from), columnIn(schema, key.references, to)];
  return one === undefined || other === undefined ? undefined : diff.sameType(one.type, other.type);
};

const isOwn = (schema: Schema, table: ObjectName, name: string): boolean =>
  tableFinder(schema)(table)?.columns.some((column) => column.name === name) === true;

/** One side made a foreign key, the other one changed the type of one of its ends. */
const typeClashes = (merged: Read, reads: Reads, answers: MergeAnswers): readonly CrossConflict[] =>
  pairsOf(merged.schema).flatMap((pair): readonly CrossConflict[] => {
    const { schema } = merged;
    if (fits(schema, pair, answers) !== false) return [];
    const before = [reads.ours, reads.theirs].map((side) => fits(side.schema, pair, answers));
    if (!before.includes(true) || before.every((one) => one === false)) return [];
    const { table, key, from, to } = pair;
    const place = { noun: 'column', object: pathOf(table, from) };
    const type = (column: Column | undefined): MergeConflict['ours'] => told(column?.type);
    const target = columnIn(schema, key.references, to);
    const values = {
      base: type(columnIn(reads.base.schema, table, from)),
      ours: type(columnIn(reads.ours.schema, key.references, to) ?? columnIn(reads.ours.schema, table, from)),
      theirs: type(columnIn(reads.theirs.schema, key.references, to) ?? columnIn(reads.theirs.schema, table, from)),
    };
    const why = `the foreign key ${pathOf(table, key.name)} joins ${place.object} and ${pathOf(key.references, to)}, whose types differ after the merge`;
    const edit = (value: unknown): Outcome => ({
      values: [
        [place, { ...columnIn(schema, table, from), type: value }],
        [
          { noun: 'column', object: pathOf(key.references, to) },
          { ...target, type: value },
        ],
      ],
    });
    const conflict: CrossConflict['conflict'] = {
      kind: 'reference-type',
      ...place,
      aspect: 'type',
      ...values,
      proposal: type(target),
      why,
    };
    return isOwn(schema, table, from) && isOwn(schema, key.references, to)
      ? [{ conflict, edit, take: (side) => edit(values[side]) }]
      : [{ conflict }];
  });

const circleOf = (pieces: readonly Piece[], uses: ReadUses): UnsupportedChange | undefined => {
  const standings = pieces.map(({ standing }) => standing);
  try {
    inOrderOf(standings, orderByNames(standings, uses));
    return undefined;
  } catch (error) {
    if (error instanceof UnsupportedChange) return error;
    throw error;
  }
};

/** The pieces and whatever they need, and those need. O(needs). */
const reachable = (merged: Read, from: readonly Piece[], uses: ReadUses): readonly Piece[] => {
  const found = new Set(from);
  for (const piece of found)
    for (const reference of hardUses(piece.standing, uses))
      for (const provider of merged.provides.get(reference) ?? []) found.add(provider);
  return [...found];
};

/** Objects that need each other in a circle, which neither side had. */
const circles = (merged: Read, changed: readonly Piece[], reads: Reads, uses: ReadUses): readonly CrossConflict[] => {
  const circle = circleOf(reachable(merged, changed, uses), uses);
  if (circle === undefined || circleOf(reads.ours.pieces, uses) || circleOf(reads.theirs.pieces, uses)) return [];
  const at = merged.pieces.find(({ standing }) => standing.object === circle.object);
  const place = at?.place ?? { noun: 'object', object: circle.object ?? '' };
  const conflict: CrossConflict['conflict'] = {
    kind: 'cycle',
    ...place,
    aspect: 'definition',
    ...valuesAt(place, reads),
    proposal: null,
    why: circle.message,
  };
  const value = (side: Side): Outcome => ({ sides: [[place, side]] });
  return [{ conflict, take: value, edit: (edited) => ({ values: [[place, edited]] }) }];
};

const contradictions = ({ schema }: Read, reads: Reads, answers: MergeAnswers): readonly CrossConflict[] => {
  try {
    checkConsistency(schema, answers.facts);
    return [];
  } catch (error) {
    if (!(error instanceof InconsistentDefinition)) throw error;
    const place = { noun: 'object', object: error.object ?? '' };
    const values = { ...valuesAt(place, reads), proposal: null };
    return [{ conflict: { kind: 'inconsistent', ...place, aspect: 'definition', ...values, why: error.message } }];
  }
};

/**
 * What does not fit together although each object alone was merged: uses of what is dropped or renamed, names given
 * twice, foreign keys between other types, circles; at last whatever else contradicts itself. O(schema).
 */
export const crossConflicts = (states: MergeStates, answers: MergeAnswers): readonly CrossConflict[] => {
  const [merged, aligned] = [read(states.merged), readAll(states.aligned)];
  const named = readAll(states.named, aligned);
  const { uses } = answers;
  const changed = changedIn(merged, aligned);
  const conflicts = [
    ...danglingUses(merged, changed, { aligned, named }, uses),
    ...nameClashes(merged, aligned),
    ...typeClashes(merged, aligned, answers),
    ...circles(merged, changed, aligned, uses),
  ];
  return conflicts.length > 0 ? conflicts : contradictions(merged, aligned, answers);
};
