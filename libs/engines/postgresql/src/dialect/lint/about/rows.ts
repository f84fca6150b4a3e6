import type { Reach, Write } from '../acts.js';
import { indexesOf, tableIn, type World } from '../world/world.js';

/** Columns that usually tell one row, for tables nobody has described. */
const telling = /^(id|uuid|guid|key|code|slug|name|email|login|username|sku|version|token)$|_(id|uuid|key|code|name)$/;

const tellsOne = (world: World, act: Write, column: string): boolean => {
  if (tableIn(world, act.table).open) return telling.test(column);
  return indexesOf(world, act.table).some(({ unique, keys }) => unique && keys.includes(column));
};

/** How many rows a write reaches, by what is known about the table. */
export const reachOf = (act: Write, world: World): Reach =>
  act.reach === 'many' && act.equals.some((column) => tellsOne(world, act, column)) ? 'few' : act.reach;
