import type { Dialect, RenderContext } from '@dsem/engine';
import { type Change, type ObjectName, pathOf, type Schema } from '@dsem/schema';

/** One atomic piece of work before it is rendered. */
export interface Operation {
  /** What happens to the model, in order. */
  readonly changes: readonly Change[];
  /** The change that is rendered; the others follow from it on the server. */
  readonly rendered: Change;
  /** Index of the change of the plan it belongs to. */
  readonly origin: number;
  /** Changes of the plan, by index, that the engine makes along with this one. */
  readonly carried?: readonly (readonly [origin: number, change: Change])[];
  /** A change that comes about by the one that is rendered, and is carried out behind it on the way back. */
  readonly along?: Change;
  /** The change whose hazards the step shows instead of its own; null for none. Used where a helper stands in. */
  readonly judged?: Change | null;
  /** Where it stands in the order of phases (`rank.ts`) when that is not given by the kind. */
  readonly rank?: number;
  /** Whether nobody waits for it, where the table the change is about does not tell. */
  readonly quiet?: boolean;
  /** Operations that say the same here belong to one group. */
  readonly together?: string;
  /** Operations of one group become one step where the engine allows that. */
  readonly group?: number;
  /** Inside a group: -1 takes away, 0 is what it is for, 1 brings back. */
  readonly part?: -1 | 0 | 1;
}

/** What a recipe may ask. */
export interface Recipe {
  readonly dialect: Dialect;
  readonly style: 'online' | 'offline';
  readonly version: string;
  readonly from: Schema;
  readonly to: Schema;
  readonly changes: readonly Change[];
  /** Whether the table is created by this plan, so that nobody waits for it and it holds no rows. */
  readonly isNew: (table: ObjectName) => boolean;
}

/** What the dialect is asked with about a state, which is the one before the first change when nothing is said. */
export const contextOf = (
  { from, version, style }: Pick<Recipe, 'from' | 'version' | 'style'>,
  state: Schema = from,
): RenderContext => ({ state, version, style });

/** An operation of one change that is rendered as it is. */
export const operation = (change: Change, origin: number, rank?: number): Operation => ({
  changes: [change],
  rendered: change,
  origin,
  ...(rank === undefined ? {} : { rank }),
});

/** The table a change is about, where it is about one. */
export const tableOf = (change: Change): ObjectName | undefined => {
  if ('policy' in change) return change.policy.table;
  return 'table' in change ? change.table : undefined;
};

/** The paths of the tables that changes create. */
export const createdTables = (changes: readonly Change[]): ReadonlySet<string> =>
  new Set(changes.flatMap((change) => (change.kind === 'create-table' ? [pathOf(change.table)] : [])));
