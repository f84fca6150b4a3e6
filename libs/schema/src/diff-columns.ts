import type { DiffAnswers } from './ask.js';
import type { Change, ColumnPlace } from './change.js';
import { equal } from './equal.js';
import { type Column, nameOf, type ObjectName, pathOf, type Table } from './model.js';

type ColumnChange = Extract<Change, { readonly from: Column }>;

/** One aspect of a column: the kind of its move, or nothing when it stays, and the column once it has moved. */
interface Aspect {
  readonly kind: ColumnChange['kind'] | undefined;
  readonly column: Column;
}

type Move = (now: Column, to: Column, ask: DiffAnswers) => Aspect;

const stays = (column: Column): Aspect => ({ kind: undefined, column });

/** `column` with one property as it is in `like`, absent where it is absent there. */
const taking = <Key extends keyof Column>(column: Column, like: Column, ...keys: readonly Key[]): Column => {
  const entries = Object.entries(column).filter(([key]) => !keys.includes(key as Key));
  const taken = keys.filter((key) => like[key] !== undefined).map((key) => [key, like[key]] as const);
  return Object.fromEntries([...entries, ...taken]) as unknown as Column;
};

const identityGone: Move = (now, to) =>
  now.identity !== undefined && to.identity === undefined
    ? { kind: 'change-identity', column: taking(now, to, 'identity') }
    : stays(now);

const generatedGone: Move = (now, to) =>
  now.generated !== undefined && to.generated === undefined
    ? { kind: 'change-generated', column: taking(now, to, 'generated') }
    : stays(now);

/** A default that changes together with the type must not meet the new type in its old form. */
const defaultGone: Move = (now, to, ask) =>
  now.default !== undefined &&
  (to.default === undefined || (to.default !== now.default && !ask.sameType(now.type, to.type)))
    ? { kind: 'drop-default', column: taking(now, {} as Column, 'default') }
    : stays(now);

/** `column` with the named attributes as they are in `like`. */
const takingAttributes = (column: Column, like: Column, names: readonly string[] = []): Column => {
  const kept = Object.entries(column.attributes ?? {}).filter(([name]) => !names.includes(name));
  const taken = Object.entries(like.attributes ?? {}).filter(([name]) => names.includes(name));
  const { attributes: _, ...rest } = column;
  const attributes = Object.fromEntries([...kept, ...taken]);
  return Object.keys(attributes).length === 0 ? rest : { ...rest, attributes };
};

const type: Move = (now, to, ask) =>
  ask.sameType(now.type, to.type)
    ? stays(now)
    : {
        kind: 'change-column-type',
        column: takingAttributes(taking(now, to, 'type'), to, ask.boundAttributes?.type),
      };

const defaultSet: Move = (now, to) => {
  if (now.default === to.default) return stays(now);
  return { kind: now.default === undefined ? 'set-default' : 'change-default', column: taking(now, to, 'default') };
};

const nullability: Move = (now, to, ask) =>
  now.nullable === to.nullable
    ? stays(now)
    : {
        kind: to.nullable ? 'drop-not-null' : 'set-not-null',
        column: takingAttributes(taking(now, to, 'nullable'), to, ask.boundAttributes?.nullable),
      };

const generated: Move = (now, to) =>
  equal(now.generated, to.generated) ? stays(now) : { kind: 'change-generated', column: taking(now, to, 'generated') };

const identity: Move = (now, to) =>
  equal(now.identity, to.identity) ? stays(now) : { kind: 'change-identity', column: taking(now, to, 'identity') };

const rest: Move = (now, to, ask) => {
  const sameAttributes = ask.sameColumnAttributes?.(now, to) ?? equal(now.attributes, to.attributes);
  return sameAttributes && now.comment === to.comment && equal(now.fields, to.fields)
    ? stays(now)
    : { kind: 'alter-column', column: taking(now, to, 'comment', 'attributes', 'fields') };
};

/** The order in which a database accepts the moves one after the other. */
const moves: readonly Move[] = [
  identityGone,
  generatedGone,
  defaultGone,
  type,
  defaultSet,
  nullability,
  generated,
  identity,
  rest,
];

const diffColumn = (table: ObjectName, from: Column, to: Column, ask: DiffAnswers): readonly ColumnChange[] => {
  const changes: ColumnChange[] = [];
  let now = from;
  for (const move of moves) {
    const { kind, column } = move(now, to, ask);
    if (kind !== undefined) changes.push({ kind, object: pathOf(table, to.name), table, from: now, to: column });
    now = column;
  }
  return changes;
};

/** Where the column at `at` stands among `order`; at the end when nothing of `order` follows. */
const placeAt = (order: readonly string[], at: number, last: boolean): ColumnPlace => {
  if (last) return {};
  const after = order[at - 1];
  return after === undefined ? { first: true } : { after };
};

interface Added extends ColumnPlace {
  readonly column: Column;
}

const added = (from: Table, to: Table): readonly Added[] => {
  const old = new Set(from.columns.map(({ name }) => name));
  const order = to.columns.map(({ name }) => name);
  const lastOld = order.findLastIndex((name) => old.has(name));
  return to.columns.flatMap((column, at) =>
    old.has(column.name) ? [] : [{ column, ...placeAt(order, at, at > lastOld) }],
  );
};

const insert = (order: readonly string[], { column, after, first }: Added): readonly string[] => {
  const at = first === true ? 0 : after === undefined ? order.length : order.indexOf(after) + 1;
  return order.toSpliced(at, 0, column.name);
};

/** Each drop says where the column stands just before, so that its inverse restores the order. */
const dropped = (from: Table, to: Table, comes: readonly Added[]): readonly Added[] => {
  const kept = new Set(to.columns.map(({ name }) => name));
  const drops: Added[] = [];
  let order = comes.reduce(
    insert,
    from.columns.map(({ name }) => name),
  );
  for (const column of from.columns.filter(({ name }) => !kept.has(name))) {
    const at = order.indexOf(column.name);
    drops.push({ column, ...placeAt(order, at, at === order.length - 1) });
    order = order.toSpliced(at, 1);
  }
  return drops;
};

const said =
  (kind: 'add-column' | 'drop-column', table: ObjectName) =>
  (operands: Added): Change => ({ kind, object: pathOf(table, operands.column.name), table, ...operands });

/** Columns that come, change and go; each change moves one aspect of one column. */
export const diffColumns = (from: Table, to: Table, ask: DiffAnswers): readonly Change[] => {
  if (from.columns === to.columns) return [];
  const table = nameOf(to);
  const old = new Map(from.columns.map((column) => [column.name, column]));
  const comes = added(from, to);
  const changes = to.columns.flatMap((column) => {
    const was = old.get(column.name);
    return was === undefined || equal(was, column) ? [] : diffColumn(table, was, column, ask);
  });
  return [
    ...comes.map(said('add-column', table)),
    ...changes,
    ...dropped(from, to, comes).map(said('drop-column', table)),
  ];
};
