import { keyOf } from '../../parse/draft.js';
import type { Full } from '../../parse/names.js';
import type { Act, Drop } from '../acts.js';
import { comesLater, type Scene } from '../scene.js';
import { partKey } from '../world/apply.js';
import { isAbsent, isFresh, objectKey, type World } from '../world/world.js';

const kept = (what: string): string => (what === 'materialized view' ? 'view' : what);

/** Whether the script itself has made the object, or it is known not to be there. */
export const isNew = (world: World, what: string, name: Full): boolean => {
  if (what === 'table' || what === 'foreign table') return isFresh(world, name) || isAbsent(world, name);
  if (what === 'index') return world.indexes.get(keyOf(name))?.fresh === true;
  if (what === 'type' || what === 'domain') return world.types.get(keyOf(name))?.fresh === true;
  const known = world.objects.get(objectKey(kept(what), name));
  return known?.fresh === true || (world.closed && known === undefined && tracked.has(kept(what)));
};

/** Kinds whose absence from a state means that they are not there. */
const tracked: ReadonlySet<string> = new Set(['view', 'sequence', 'schema', 'extension']);

/** Whether the object is known to be older than the script. */
export const isOld = (world: World, what: string, name: Full): boolean =>
  world.objects.get(objectKey(kept(what), name))?.fresh === false;

/** The same for a trigger, policy or rule of a table. */
export const isOldPart = (world: World, what: string, table: Full, name: string): boolean =>
  world.objects.get(partKey(what, table, name))?.fresh === false;

/** Whether the script itself has made something of this name. */
export const isFreshObject = (world: World, name: Full): boolean =>
  isFresh(world, name) ||
  world.types.get(keyOf(name))?.fresh === true ||
  ['view', 'sequence', 'function', 'schema'].some((what) => world.objects.get(objectKey(what, name))?.fresh === true);

/** Whether a view is dropped, of either kind. */
export const isView = ({ what }: Drop): boolean => what === 'view' || what === 'materialized view';

const makes = (act: Act, drop: Drop): boolean => {
  switch (act.kind) {
    case 'create-view':
      return isView(drop) && keyOf(act.name) === keyOf(drop.name);
    case 'create-routine':
      return drop.what === 'function' && keyOf(act.name) === keyOf(drop.name);
    case 'create-trigger':
    case 'create-policy':
      return (
        act.kind === `create-${drop.what}` &&
        act.name === drop.name.name &&
        drop.table !== undefined &&
        keyOf(act.table) === keyOf(drop.table)
      );
    default:
      return false;
  }
};

/** Whether the script makes what it drops again. */
export const isMadeAgain = (drop: Drop, scene: Scene): boolean => comesLater(scene, (act) => makes(act, drop));

/** Whether the script gives the name of what it renames to something new: a view, or the other half of a swap. */
export const isNameGiven = (scene: Scene, name: Full): boolean =>
  comesLater(scene, (act) => {
    switch (act.kind) {
      case 'create-view':
      case 'create-type':
      case 'create-sequence':
      case 'create-routine':
        return keyOf(act.name) === keyOf(name);
      case 'create-table':
        return keyOf(act.table) === keyOf(name);
      case 'rename':
        return act.part === undefined && keyOf({ ...act.name, name: act.to }) === keyOf(name);
      default:
        return false;
    }
  });
