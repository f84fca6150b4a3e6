import { type Change, type ChangeOf, type Check, pathOf, type Schema, sha256, type Table } from '@dsem/schema';
import { operation, type Operation, type Recipe } from '../operation.js';

const find = (schema: Schema, path: string): Table | undefined => schema.tables.find((table) => pathOf(table) === path);

const freeName = (change: ChangeOf<'set-not-null'>, { from, to }: Recipe): string => {
  const path = pathOf(change.table);
  const taken = [from, to].flatMap((schema) => find(schema, path)?.checks.map(({ name }) => name) ?? []);
  const stem = `dsem_not_null_${sha256(pathOf(change.table, change.to.name)).slice(0, 12)}`;
  for (let count = 0; ; count += 1) {
    const name = count === 0 ? stem : `${stem}_${count}`;
    if (!taken.includes(name)) return name;
  }
};

/** A check proves the absence of NULL without a long lock; with the proof at hand NOT NULL itself is a brief change. */
export const setNotNull = (change: ChangeOf<'set-not-null'>, origin: number, recipe: Recipe): readonly Operation[] => {
  const { style, isNew } = recipe;
  const { capabilities, notNullCheck } = recipe.dialect;
  const direct = style === 'offline' || !capabilities.notNullByCheck || !capabilities.notValidConstraints;
  const expression = direct || isNew(change.table) ? undefined : notNullCheck?.(change.to);
  if (expression === undefined) return [operation(change, origin)];
  const name = freeName(change, recipe);
  const check: Check = { name, expression };
  const unchecked: Check = { ...check, validated: false };
  const place = { object: pathOf(change.table, name), table: change.table };
  const helper = (step: Change, judged: Change | null): Operation => ({ ...operation(step, origin, 25), judged });
  return [
    helper({ kind: 'add-check', ...place, check: unchecked }, null),
    helper({ kind: 'alter-check', ...place, from: unchecked, to: check }, change),
    helper(change, null),
    helper({ kind: 'drop-check', ...place, check }, null),
  ];
};
