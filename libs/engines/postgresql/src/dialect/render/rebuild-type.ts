import type { RenderContext, Statement } from '@dsem/engine';
import {
  type ChangeOf,
  type Finding,
  type ObjectName,
  pathOf,
  type Schema,
  type StructType,
  type Table,
  type TypeDefinition,
} from '@dsem/schema';
import { typeChange } from '../diff.js';
import { finding } from '../hazards.js';
import { identifier, qualified } from '../identifiers.js';
import { nativeOf } from '../normalize/known-types.js';
import { expressionReferences, typeReferences } from '../references.js';
import { hazardRules } from '../rules.js';
import { rangeOf } from '../types/ranges.js';
import { columnsOfTypes, madeOf, type TypeUser } from '../type-users.js';
import { cannot, locks, statement } from './statement.js';
import { addUnchecked, bareType, typeComments, typeWord } from './type-text.js';

type AlterType = ChangeOf<'alter-type'>;

const freeName = (type: TypeDefinition, state: Schema): string => {
  const taken = new Set([...state.types, ...state.tables, ...state.views].map((one) => one.name));
  const stem = type.name.slice(0, 50);
  for (let count = 0; ; count += 1) {
    const name = `${stem}__old${count === 0 ? '' : count}`;
    if (!taken.has(name)) return name;
  }
};

const placeOf = ({ namespace }: TypeDefinition, name: string): ObjectName =>
  namespace === undefined ? { name } : { namespace, name };

/** The fields of a composite value one by one; what is new has no value. */
const rowText = (column: string, from: StructType, to: StructType): string => {
  const names = new Set(from.fields.map(({ name }) => name));
  const fields = to.fields.map(({ name, type }) =>
    names.has(name) ? `(${column}).${identifier(name)}::${type.native}` : 'NULL',
  );
  return `CASE WHEN ${column} IS DISTINCT FROM NULL THEN ROW(${fields.join(', ')})::${qualified(to)} END`;
};

const sameFields = (from: StructType, to: StructType): boolean =>
  from.fields.length === to.fields.length && from.fields.every(({ name }, at) => name === to.fields[at]?.name);

/** How the values of a column become values of the new type: as texts, unless casts or fields say more. */
const usingText = (change: AlterType, { table, column }: TypeUser): string => {
  const { from, to } = change;
  const name = identifier(column.name);
  const { native } = column.type;
  if (from.kind === 'struct' && to.kind === 'struct' && !sameFields(from, to)) {
    if (native === nativeOf(from)) return rowText(name, from, to);
    return cannot(change, `${pathOf(table, column.name)} holds it inside another type`) as never;
  }
  if (from.kind === 'domain' && to.kind === 'domain' && native === nativeOf(from)) {
    const isCast = typeChange(from.base, to.base).effect !== 'family';
    if (isCast) return `${name}::${from.base.native}::${to.base.native}::${native}`;
  }
  return `${name}::text${native.endsWith('[]') ? '[]' : ''}::${native}`;
};

const byTable = (users: readonly TypeUser[]): readonly (readonly [Table, readonly TypeUser[]])[] => {
  const tables = new Map<Table, TypeUser[]>();
  for (const user of users) {
    const known = tables.get(user.table);
    if (known) known.push(user);
    else tables.set(user.table, [user]);
  }
  return [...tables];
};

/** Defaults of the columns themselves, and others that name one of the types. */
const defaultsAround = (types: readonly TypeDefinition[], users: readonly TypeUser[], state: Schema) => {
  const names = new Set<string>(types.flatMap((type) => typeReferences(nativeOf(type))));
  const own = new Set(users.map(({ column }) => column));
  return state.tables.flatMap((table) =>
    table.columns
      .filter(({ generated, default: text }) => generated === undefined && text !== undefined)
      .filter((column) => own.has(column) || expressionReferences(column.default).some((one) => names.has(one)))
      .map((column) => ({ table, column })),
  );
};

const alterColumn = ({ table, column }: TypeUser): string =>
  `ALTER TABLE ${qualified(table)} ALTER COLUMN ${identifier(column.name)}`;

type Told = (user: TypeUser) => string;

const moveColumns = (
  change: AlterType,
  table: Table,
  users: readonly TypeUser[],
  type: Told,
  using: Told,
): Statement => {
  const parts = users.map(
    (user) => `ALTER COLUMN ${identifier(user.column.name)} TYPE ${type(user)} USING ${using(user)}`,
  );
  const hazards = users.map(({ column }) =>
    finding(
      hazardRules.typeRewrite,
      pathOf(table, column.name),
      `${pathOf(table)} is rewritten for the new form of ${change.object}.`,
    ),
  );
  const text = `ALTER TABLE ${qualified(table)} ${parts.join(', ')}`;
  return statement(text, { lock: locks.exclusiveLong, cost: 'rewrite', hazards });
};

interface Rebuilding {
  readonly before: readonly TypeDefinition[];
  readonly after: readonly TypeDefinition[];
  readonly users: readonly TypeUser[];
}

const createAll = (change: AlterType, types: readonly TypeDefinition[], state: Schema): readonly Statement[] =>
  types.map((type) => bareType(type, state) ?? cannot(change, `the type ${pathOf(type)} cannot be made again`));

/** The old types step back under other names, so that values go over in one pass over each table. */
const sideBySide = (change: AlterType, { before, after, users }: Rebuilding, state: Schema): readonly Statement[] => {
  const old = before.map((type) => placeOf(type, freeName(type, state)));
  return [
    ...before.map((type, at) =>
      statement(`ALTER ${typeWord(type)} ${qualified(type)} RENAME TO ${identifier(old[at]!.name)}`),
    ),
    ...createAll(change, after, state),
    ...byTable(users).map(([table, all]) =>
      moveColumns(
        change,
        table,
        all,
        ({ column }) => column.type.native,
        (user) => usingText(change, user),
      ),
    ),
    ...before.map((type, at) => statement(`DROP ${typeWord(type)} ${qualified(old[at]!)}`)).toReversed(),
  ];
};

/** A range brings functions of its name along, so that two of a kind cannot stand side by side: values wait as texts. */
const throughTexts = (change: AlterType, { before, after, users }: Rebuilding, state: Schema): readonly Statement[] => {
  const name = ({ column }: TypeUser): string => identifier(column.name);
  const move = (type: (user: TypeUser) => string): readonly Statement[] =>
    byTable(users).map(([table, all]) =>
      moveColumns(change, table, all, type, (user) => `${name(user)}::${type(user)}`),
    );
  return [
    ...move(() => 'text'),
    ...before.map((type) => statement(`DROP ${typeWord(type)} ${qualified(type)}`)).toReversed(),
    ...createAll(change, after, state),
    ...move(({ column }) => column.type.native),
  ];
};

/**
 * A type that cannot change in place: a new one is made, columns of it and of types made of it move over, the old ones
 * go. Whatever names them has stepped aside before (`pins.ts`).
 */
export const rebuildType = (
  change: AlterType,
  { state }: RenderContext,
  hazards: readonly Finding[],
): readonly Statement[] => {
  const { from, to } = change;
  const made = madeOf(from, state);
  const before = [from, ...made];
  const rebuilding = { before, after: [to, ...made], users: columnsOfTypes(before, state) };
  const defaults = defaultsAround(before, rebuilding.users, state);
  const isRange = before.some((type) => rangeOf(type) !== undefined);
  const moves = (isRange ? throughTexts : sideBySide)(change, rebuilding, state);
  return [
    ...defaults.map((user) => statement(`${alterColumn(user)} DROP DEFAULT`)),
    ...moves.map((one, at) => (at === 0 ? { ...one, hazards: [...hazards, ...one.hazards] } : one)),
    ...defaults.map((user) => statement(`${alterColumn(user)} SET DEFAULT ${user.column.default}`)),
    ...rebuilding.after.flatMap((type) => [...addUnchecked(type), ...typeComments(type)]),
  ];
};
