import type { Blocks, Cost, Lock } from '@dsem/engine';
import { keyOf } from '../parse/draft.js';
import type { Full } from '../parse/names.js';
import type { Act, ActKind, ActOf, ConstraintFacts } from './acts.js';
import { addColumnCost, isProvedNotNull, typeMove } from './facts.js';
import { type Level, levels } from './levels.js';
import type { Scene } from './scene.js';
import { isFreshObject } from './about/objects.js';
import { isAbsent, isFresh, tableIn } from './world/world.js';

/** What one act takes and costs. */
export interface Effect {
  readonly level: Level;
  readonly cost: Cost;
  /** What is locked and was there before the script. */
  readonly tables: readonly Full[];
}

const free: Effect = { level: 'None', cost: 'meta', tables: [] };
const on = (table: Full, level: Level, cost: Cost = 'meta'): Effect => ({ level, cost, tables: [table] });
const brief = (act: { readonly table: Full }): Effect => on(act.table, 'AccessExclusive');

const constraintEffect = (table: Full, constraint: ConstraintFacts, scene: Scene): Effect => {
  const unchecked = constraint.notValid || constraint.notEnforced;
  switch (constraint.kind) {
    case 'foreign key': {
      const tables = [table, ...(constraint.references ? [constraint.references] : [])];
      return { level: 'ShareRowExclusive', cost: unchecked ? 'meta' : 'scan', tables };
    }
    case 'primary key':
    case 'unique':
      return on(table, 'AccessExclusive', constraint.usingIndex === undefined ? 'build' : 'meta');
    case 'exclusion':
      return on(table, 'AccessExclusive', 'build');
    case 'check':
      return on(table, 'AccessExclusive', unchecked ? 'meta' : 'scan');
    case 'not null': {
      const proved = constraint.columns.every((column) => isProvedNotNull(scene, table, column));
      return on(table, 'AccessExclusive', unchecked || proved ? 'meta' : 'scan');
    }
    default:
      return constraint.kind satisfies never;
  }
};

const dropEffect = ({ what, name, table, concurrently }: ActOf<'drop'>, { world }: Scene): Effect => {
  if (what === 'table' || what === 'foreign table') return on(name, 'AccessExclusive');
  if (table) return on(table, 'AccessExclusive');
  if (what !== 'index') return free;
  const owner = world.indexes.get(keyOf(name))?.table;
  return on(owner ?? name, concurrently ? 'ShareUpdateExclusive' : 'AccessExclusive');
};

const maintainEffect = ({ what, table, index, concurrently }: ActOf<'maintain'>, { world }: Scene): Effect => {
  const owner = index && world.indexes.get(keyOf(index))?.table;
  const target = table ?? owner ?? index ?? { namespace: '', name: '' };
  switch (what) {
    case 'vacuum':
    case 'analyze':
      return on(target, 'ShareUpdateExclusive', 'scan');
    case 'vacuum full':
    case 'cluster':
      return on(target, 'AccessExclusive', 'rewrite');
    case 'reindex':
      return on(target, concurrently ? 'ShareUpdateExclusive' : 'Share', 'build');
    case 'refresh':
      return on(target, concurrently ? 'Exclusive' : 'AccessExclusive', 'rewrite');
    default:
      return what satisfies never;
  }
};

const attachEffect = ({ table, partition }: ActOf<'attach-partition'>, { world }: Scene): Effect => {
  const proved = tableIn(world, partition).constraints.some(({ kind, validated }) => kind === 'check' && validated);
  return {
    level: 'AccessExclusive',
    cost: proved || isFresh(world, partition) ? 'meta' : 'scan',
    tables: [partition, table],
  };
};

const createTableEffect = ({ constraints, partitionOf }: ActOf<'create-table'>): Effect => {
  if (partitionOf) return on(partitionOf, 'AccessExclusive');
  const parents = constraints.flatMap(({ references }) => references ?? []);
  return parents.length > 0 ? { level: 'ShareRowExclusive', cost: 'meta', tables: parents } : free;
};

const writeLevel: Level = 'RowExclusive';

type Effects = { readonly [Kind in ActKind]?: (act: ActOf<Kind>, scene: Scene) => Effect };

const effects: Effects = {
  'create-table': createTableEffect,
  'create-index': ({ table, concurrently }) => on(table, concurrently ? 'ShareUpdateExclusive' : 'Share', 'build'),
  'create-trigger': ({ table }) => on(table, 'ShareRowExclusive'),
  'create-policy': brief,
  'create-rule': brief,
  'add-column': (act, scene) => on(act.table, 'AccessExclusive', addColumnCost(act, scene)),
  'drop-column': brief,
  'change-type': (act, scene) => {
    const { rewrite, reindex } = typeMove(act, scene);
    return on(act.table, 'AccessExclusive', rewrite ? 'rewrite' : reindex ? 'build' : 'meta');
  },
  'set-default': brief,
  'drop-default': brief,
  'set-not-null': (act, scene) =>
    on(act.table, 'AccessExclusive', isProvedNotNull(scene, act.table, act.column) ? 'meta' : 'scan'),
  'drop-not-null': brief,
  'change-identity': brief,
  'change-expression': ({ table }) => on(table, 'AccessExclusive', 'rewrite'),
  'drop-expression': brief,
  'add-constraint': ({ table, constraint }, scene) => constraintEffect(table, constraint, scene),
  'drop-constraint': ({ table, name }, { world }) => {
    const parent = tableIn(world, table).constraints.find((one) => one.name === name)?.references;
    return { level: 'AccessExclusive', cost: 'meta', tables: [table, ...(parent ? [parent] : [])] };
  },
  'validate-constraint': ({ table }) => on(table, 'ShareUpdateExclusive', 'scan'),
  'alter-constraint': ({ table, enforced }) => on(table, 'AccessExclusive', enforced === true ? 'scan' : 'meta'),
  'attach-partition': attachEffect,
  'detach-partition': ({ table, concurrently }) => on(table, concurrently ? 'ShareUpdateExclusive' : 'AccessExclusive'),
  'rewrite-table': ({ table }) => on(table, 'AccessExclusive', 'rewrite'),
  'toggle-trigger': ({ table }) => on(table, 'ShareRowExclusive'),
  'row-security': brief,
  'replica-identity': brief,
  'table-option': ({ table, exclusive }) => on(table, exclusive ? 'AccessExclusive' : 'ShareUpdateExclusive'),
  'change-owner': ({ what, name }) => (what === 'table' ? on(name, 'AccessExclusive') : free),
  rename: ({ what, name }) =>
    ['table', 'column', 'constraint', 'trigger', 'policy'].includes(what) ? on(name, 'AccessExclusive') : free,
  move: ({ what, name }) => (what === 'table' ? on(name, 'AccessExclusive') : free),
  drop: dropEffect,
  truncate: ({ tables }) => ({ level: 'AccessExclusive', cost: 'meta', tables }),
  'lock-table': ({ tables, level }) => ({ level: levels[level] ?? 'AccessExclusive', cost: 'meta', tables }),
  maintain: maintainEffect,
  write: ({ table, reach }) => on(table, writeLevel, reach === 'few' ? 'meta' : 'scan'),
};

/** What an act takes and costs, as measured on servers (engines.md 1.3); what the script made counts for nothing. */
export const effectOf = (act: Act, scene: Scene): Effect => {
  const effect = (effects[act.kind] as ((act: Act, scene: Scene) => Effect) | undefined)?.(act, scene) ?? free;
  const tables = effect.tables.filter((table) => !isFreshObject(scene.world, table) && !isAbsent(scene.world, table));
  return tables.length === 0
    ? { ...free, cost: effect.cost === 'rewrite' ? 'meta' : free.cost }
    : { ...effect, tables };
};

const long: ReadonlySet<Cost> = new Set(['scan', 'build', 'rewrite']);

const blocksOf = ({ level, cost }: Effect): Blocks => {
  const rank = levels.indexOf(level);
  if (rank < levels.indexOf('Share')) return 'none';
  if (!long.has(cost)) return 'brief';
  return level === 'AccessExclusive' ? 'all' : 'writes';
};

/** The lock of an effect in the words of an answer. */
export const lockOf = (effect: Effect): Lock => ({ level: effect.level, blocks: blocksOf(effect) });

/** Whether the lock keeps writers, or everybody, waiting. */
export const isBlocking = ({ level }: Effect): boolean => levels.indexOf(level) >= levels.indexOf('Share');

const costs: readonly Cost[] = ['meta', 'hidden', 'scan', 'build', 'rewrite'];

const heavier = (one: Effect, other: Effect): Effect => {
  const [level, cost] = [
    levels.indexOf(one.level) >= levels.indexOf(other.level) ? one.level : other.level,
    costs.indexOf(one.cost) >= costs.indexOf(other.cost) ? one.cost : other.cost,
  ];
  return { level, cost, tables: [...one.tables, ...other.tables] };
};

/** The effect of a whole statement: its strongest lock and its highest cost. */
export const together = (all: readonly Effect[]): Effect => all.reduce(heavier, free);
