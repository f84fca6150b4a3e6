import type { ChangeOf, Check, ForeignKey } from '@dsem/schema';
import { operation, type Operation, type Recipe } from '../operation.js';
import { ranks } from '../rank.js';
import { checksLater } from './partition-index.js';

const staged = (
  recipe: Recipe,
  change: ChangeOf<'add-check' | 'add-foreign-key'>,
  validated: false | undefined,
): boolean =>
  recipe.style === 'online' &&
  recipe.dialect.capabilities.notValidConstraints &&
  validated !== false &&
  !recipe.isNew(change.table);

/** A constraint binds new rows at once and is proved for the old ones in a step of its own. */
export const addForeignKey = (
  change: ChangeOf<'add-foreign-key'>,
  origin: number,
  recipe: Recipe,
): readonly Operation[] => {
  const { foreignKey: to, object, table } = change;
  const direct = !staged(recipe, change, to.validated) || !checksLater(table, recipe);
  if (direct || to.attributes?.['notEnforced']) return [operation(change, origin)];
  const from: ForeignKey = { ...to, validated: false };
  return [
    operation({ ...change, foreignKey: from }, origin),
    operation({ kind: 'alter-foreign-key', object, table, from, to }, origin, ranks.validate),
  ];
};

/** The same for a check. */
export const addCheck = (change: ChangeOf<'add-check'>, origin: number, recipe: Recipe): readonly Operation[] => {
  const { check: to, object, table } = change;
  if (!staged(recipe, change, to.validated) || to.attributes?.['notEnforced']) return [operation(change, origin)];
  const from: Check = { ...to, validated: false };
  return [
    operation({ ...change, check: from }, origin),
    operation({ kind: 'alter-check', object, table, from, to }, origin, ranks.validate),
  ];
};

/** A constraint validated on its own is validated with the others. */
export const alterConstraint = (
  change: ChangeOf<'alter-foreign-key' | 'alter-check'>,
  origin: number,
): readonly Operation[] => {
  const validates = change.from.validated === false && change.to.validated !== false;
  return [operation(change, origin, validates ? ranks.validate : undefined)];
};
