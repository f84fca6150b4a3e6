import type { Node } from '@pgsql/types';
import type { Cost } from '@dsem/engine';
import type { CanonicalType, ColumnType } from '@dsem/schema';
import { cutsSilently, typeChange } from '../diff.js';
import { notNullCheck } from '../not-null-check.js';
import { keyOf } from '../parse/draft.js';
import type { Full } from '../parse/names.js';
import { nameParts, normalTypeText, typeText } from '../type-names.js';
import { canonicalType } from '../types.js';
import { isVolatile } from '../volatility.js';
import type { AddColumn, ChangeType, ColumnFacts, ConstraintFacts } from './acts.js';
import type { Scene } from './scene.js';
import { settingOf } from './session.js';
import { splitName } from '../identifiers.js';
import { columnIn, tableIn, type World } from './world/world.js';

/** Whether a valid check, or NOT NULL itself, proves that the column holds no NULL. */
export const isProvedNotNull = ({ world }: Scene, table: Full, column: string): boolean => {
  const { constraints, columns } = tableIn(world, table);
  if (columns.get(column)?.notNull === true) return true;
  const text = notNullCheck(column);
  return constraints.some(({ kind, validated, expression }) => {
    if (kind !== 'check' || !validated || expression === undefined) return false;
    return expression.split(/ AND /i).some((part) => part.replace(/^\(+|\)+$/g, '') === text);
  });
};

/** The name of a user's type as the spelling of `format_type` has it. */
const userType = (native: string): Full => {
  const parts = splitName(native.replace(/\[\]$|\(.*$/g, ''));
  return { namespace: parts.at(-2) ?? 'public', name: parts.at(-1) ?? '' };
};

/** Whether a type is a domain that has to check each value. */
export const isConstrainedDomain = (world: World, native: string): boolean => {
  const type = world.types.get(keyOf(userType(native)));
  return type?.what === 'domain' && type.constrained;
};

/** Why adding the column copies the table; undefined when it does not. */
export const rewriteReason = (
  { column }: AddColumn,
  { world }: Scene,
): 'volatile' | 'stored' | 'identity' | 'serial' | 'domain' | undefined => {
  if (column.serial) return 'serial';
  if (column.identity) return 'identity';
  if (column.generated === 'stored') return 'stored';
  if (column.default !== undefined && isVolatile(column.default)) return 'volatile';
  return isConstrainedDomain(world, column.type) ? 'domain' : undefined;
};

const hasDefault = ({ default: value, identity, serial }: ColumnFacts): boolean =>
  identity || serial || (value !== undefined && !('A_Const' in value && value.A_Const.isnull === true));

/** Whether a constraint written on a new column makes the server read the table. */
export const readsRows = (column: ColumnFacts, { kind, notValid, notEnforced }: ConstraintFacts): boolean => {
  if (notValid || notEnforced) return false;
  return kind === 'check' || (kind === 'foreign key' && hasDefault(column));
};

const buildsIndex = ({ kind, usingIndex }: ConstraintFacts): boolean =>
  (kind === 'primary key' || kind === 'unique' || kind === 'exclusion') && usingIndex === undefined;

/** What adding a column costs. */
export const addColumnCost = (act: AddColumn, scene: Scene): Cost => {
  if (rewriteReason(act, scene) !== undefined) return 'rewrite';
  if (act.constraints.some(buildsIndex)) return 'build';
  return act.constraints.some((one) => readsRows(act.column, one)) ? 'scan' : 'meta';
};

/** What a change of type does to the table and to its values. */
export interface TypeMove {
  /** Undefined while the old type is not known. */
  readonly from?: string;
  readonly effect: 'same' | 'widen' | 'narrow' | 'family' | 'unknown';
  readonly lossy: boolean;
  readonly rewrite: boolean;
  /** Clients receive values of another kind. */
  readonly visible: boolean;
  /** Only the indexes of the column are built anew. */
  readonly reindex: boolean;
}

const columnType = (world: World, native: string): ColumnType => {
  const text = normalized(native);
  const kindOf = (name: string): CanonicalType | undefined => {
    const type = world.types.get(keyOf(userType(name)));
    return type?.what === 'enum' ? { kind: 'enum', type: name } : undefined;
  };
  return { native: text, canonical: canonicalType(text, kindOf) };
};

const normalized = (native: string): string => {
  try {
    return normalTypeText(native);
  } catch {
    return native;
  }
};

/** `USING column::type` says no more than leaving it out. */
const isPlainCast = (using: Node, column: string, type: string): boolean => {
  const cast = 'TypeCast' in using ? using.TypeCast : undefined;
  const source = cast?.arg ?? using;
  const named = 'ColumnRef' in source && nameParts(source.ColumnRef.fields).at(-1) === column;
  return named && (cast?.typeName === undefined || sameType(cast.typeName, type));
};

const sameType = (type: Parameters<typeof typeText>[0], native: string): boolean => {
  try {
    return typeText(type) === native;
  } catch {
    return false;
  }
};

const utc = /^(utc|etc\/utc|gmt|etc\/gmt|zulu|uct)$/i;
const stamps = ['timestamp without time zone', 'timestamp with time zone'];

const keepsInstants = (from: string, to: string, scene: Scene): boolean =>
  stamps.includes(from) && stamps.includes(to) && utc.test((settingOf(scene.session, 'timezone') ?? '').trim());

/** How a change of type goes (engines.md 1.4), by what is known about the column. */
export const typeMove = (act: ChangeType, scene: Scene): TypeMove => {
  const known = columnIn(scene.world, act.table, act.column)?.type;
  const reindex = act.collation !== undefined;
  const computed = act.using !== undefined && !isPlainCast(act.using, act.column, act.type);
  if (known === undefined) return { effect: 'unknown', lossy: false, rewrite: true, visible: false, reindex };
  const [from, to] = [columnType(scene.world, known), columnType(scene.world, act.type)];
  if (keepsInstants(from.native, to.native, scene))
    return { from: from.native, effect: 'widen', lossy: false, rewrite: false, visible: true, reindex };
  const { effect, rewrite } = typeChange(from, to);
  const domain = isConstrainedDomain(scene.world, act.type);
  const visible = effect === 'widen' && rewrite;
  const lossy = cutsSilently(from, to);
  return { from: from.native, effect, lossy, rewrite: rewrite || computed || domain, visible, reindex };
};
