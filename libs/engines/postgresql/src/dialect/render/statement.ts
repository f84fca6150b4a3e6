import type { Cost, Lock, RenderContext, Statement } from '@dsem/engine';
import {
  type Change,
  type ChangeKind,
  type ChangeOf,
  type Finding,
  type ObjectName,
  pathOf,
  type Table,
  UnsupportedChange,
} from '@dsem/schema';

/** How one kind of change becomes statements. */
export type Renderer<Kind extends ChangeKind> = (
  change: ChangeOf<Kind>,
  context: RenderContext,
) => readonly Statement[];

/** A group of renderers by kind of change. */
export type Renderers<Kind extends ChangeKind> = { readonly [Each in Kind]: Renderer<Each> };

/** Lock levels under the names of engines.md 1.3, with what they mean for others. */
export const locks = {
  none: { level: 'AccessShare', blocks: 'none' },
  exclusive: { level: 'AccessExclusive', blocks: 'brief' },
  exclusiveLong: { level: 'AccessExclusive', blocks: 'all' },
  updateExclusive: { level: 'ShareUpdateExclusive', blocks: 'none' },
  share: { level: 'Share', blocks: 'writes' },
  shareBrief: { level: 'Share', blocks: 'brief' },
  rowExclusive: { level: 'ShareRowExclusive', blocks: 'brief' },
  rowExclusiveLong: { level: 'ShareRowExclusive', blocks: 'writes' },
} as const satisfies { readonly [name: string]: Lock };

interface Facts {
  readonly lock?: Lock;
  readonly cost?: Cost;
  readonly transactional?: boolean;
  readonly hazards?: readonly Finding[];
}

/** One statement; without facts it is a brief change of the catalogue inside a transaction. */
export const statement = (text: string, facts: Facts = {}): Statement => ({
  text,
  lock: facts.lock ?? locks.exclusive,
  cost: facts.cost ?? 'meta',
  transactional: facts.transactional ?? true,
  hazards: facts.hazards ?? [],
});

/** @throws UnsupportedChange always. */
export const cannot = (change: Change, detail: string): never => {
  throw new UnsupportedChange(`${change.object}: ${detail}`, { object: change.object });
};

/** The table of a change as it stands before the change. */
export const tableBefore = (context: RenderContext, name: ObjectName): Table | undefined => {
  const path = pathOf(name);
  return context.state.tables.find((table) => table.name === name.name && pathOf(table) === path);
};
