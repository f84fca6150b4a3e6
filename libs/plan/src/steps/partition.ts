import type { PartitionChecks } from '@dsem/engine';
import {
  type Change,
  type ChangeOf,
  type Check,
  childrenOf,
  nameOf,
  pathOf,
  type Schema,
  sha256,
  type Table,
  tableFinder,
} from '@dsem/schema';
import { contextOf, operation, type Operation, type Recipe } from '../operation.js';
import { ranks } from '../rank.js';

const checksOf = (table: Table, recipe: Recipe, state: Schema): PartitionChecks | undefined =>
  recipe.style === 'online' && recipe.dialect.capabilities.notValidConstraints
    ? recipe.dialect.partitionChecks?.(table, contextOf(recipe, state))
    : undefined;

const withCheck = (table: Table, check: Check): Table => ({
  ...table,
  checks: [...table.checks, check].toSorted((one, other) => (one.name < other.name ? -1 : 1)),
});

/** A check that stands for the time of one attachment: added unchecked, then proved while everyone goes on. */
interface Proof {
  readonly check: Check;
  readonly before: readonly Operation[];
  readonly after: readonly Operation[];
}

const proofOf = (holder: Table, partition: Table, expression: string, origin: number): Proof => {
  const name = `dsem_bound_${sha256(`${pathOf(holder)} ${pathOf(partition)}`).slice(0, 12)}`;
  const check: Check = { name, expression };
  const unchecked: Check = { ...check, validated: false };
  const place = { object: pathOf(holder, name), table: nameOf(holder) };
  const quiet = (change: Change): Operation => ({ ...operation(change, origin, ranks.attach), judged: null });
  return {
    check,
    before: [
      quiet({ kind: 'add-check', ...place, check: unchecked }),
      quiet({ kind: 'alter-check', ...place, from: unchecked, to: check }),
    ],
    after: [quiet({ kind: 'drop-check', ...place, check })],
  };
};

const isDefault = ({ partitionOf }: Table): boolean => partitionOf?.bound === 'DEFAULT';

/** The default partition that stands before and after: its rows have to be proved not to belong to a new one. */
const defaultBeside = ({ partitionOf }: Table, { from, to }: Recipe): Table | undefined => {
  if (partitionOf === undefined) return undefined;
  const standing = childrenOf(from, partitionOf).find(isDefault);
  return standing === undefined
    ? undefined
    : childrenOf(to, partitionOf).find((one) => pathOf(one) === pathOf(standing));
};

/** A table that has been proved to fit is attached without anyone waiting for a look at its rows. */
const attachPartition = (
  change: ChangeOf<'attach-partition'>,
  origin: number,
  recipe: Recipe,
): readonly Operation[] => {
  const { from, to } = change;
  const checks = checksOf(to, recipe, recipe.to);
  const fallback = defaultBeside(to, recipe);
  const isNew = recipe.isNew(to);
  if (checks === undefined) return [{ ...operation(change, origin), quiet: isNew && fallback === undefined }];
  const own = isNew ? undefined : proofOf(from, to, checks.inside, origin);
  const others = fallback && proofOf(fallback, to, checks.outside, origin);
  const held = own ? { ...change, from: withCheck(from, own.check), to: withCheck(to, own.check) } : change;
  return [
    ...(own?.before ?? []),
    ...(others?.before ?? []),
    { ...operation(held, origin), quiet: isNew },
    ...(others?.after ?? []),
    ...(own?.after ?? []),
  ];
};

/** Detached while everyone goes on, where that can be; the check this leaves behind goes in a step of its own. */
const detachPartition = (
  change: ChangeOf<'detach-partition'>,
  origin: number,
  recipe: Recipe,
): readonly Operation[] => {
  const { from, to } = change;
  const left = recipe.style === 'online' ? checksOf(from, recipe, recipe.from)?.left : undefined;
  if (left === undefined) return [operation(change, origin)];
  const place = { object: pathOf(to, left.name), table: nameOf(to) };
  return [
    operation({ ...change, to: withCheck(to, left) }, origin),
    { ...operation({ kind: 'drop-check', ...place, check: left }, origin, ranks.detach), judged: null },
  ];
};

const alone = (table: Table, state: Schema, { dialect }: Recipe): Table | undefined =>
  table.partitionOf && dialect.diff.withoutParents?.(table, [nameOf(table.partitionOf)], state);

/** A new partition is made by itself and attached, so that nobody waits who uses the others. */
export const createPartition = (
  change: ChangeOf<'create-table'>,
  origin: number,
  recipe: Recipe,
): { readonly table: Table; readonly attach: readonly Operation[] } | undefined => {
  const parent = change.table.partitionOf;
  if (parent === undefined || recipe.style === 'offline' || recipe.isNew(parent)) return undefined;
  const table = alone(change.table, recipe.to, recipe);
  if (table === undefined) return undefined;
  const attach = { kind: 'attach-partition', object: change.object, from: table, to: change.table } as const;
  return { table, attach: attachPartition(attach, origin, recipe) };
};

/** A partition leaves first and is dropped then, so that nobody waits who uses the others. */
export const dropPartition = (
  change: ChangeOf<'drop-table'>,
  origin: number,
  recipe: Recipe,
): { readonly table: Table; readonly detach: readonly Operation[] } | undefined => {
  const parent = change.table.partitionOf;
  if (parent === undefined || recipe.style === 'offline' || !tableFinder(recipe.to)(parent)) return undefined;
  const table = alone(change.table, recipe.from, recipe);
  const left = checksOf(change.table, recipe, recipe.from)?.left;
  if (table === undefined || left === undefined) return undefined;
  const detach = { kind: 'detach-partition', object: change.object, from: change.table, to: table } as const;
  return { table, detach: detachPartition(detach, origin, recipe) };
};

/** A table comes under a partitioned one or leaves it. */
export const movePartition = (
  change: ChangeOf<'attach-partition' | 'detach-partition'>,
  origin: number,
  recipe: Recipe,
): readonly Operation[] =>
  change.kind === 'attach-partition'
    ? attachPartition(change, origin, recipe)
    : detachPartition(change, origin, recipe);
