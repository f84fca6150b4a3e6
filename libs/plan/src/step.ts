import type { Blocks, Cost, Dialect, RenderContext, Statement, StepTimeouts } from '@dsem/engine';
import {
  applyChanges,
  type Change,
  type Finding,
  footprintDelta,
  type FootprintPart,
  ownershipOf,
  type Schema,
  unnamedOwner,
} from '@dsem/schema';
import type { Operation } from './operation.js';
import type { Step } from './plan.js';
import { phaseOf } from './rank.js';
import type { Settings } from './settings.js';
import { directReverse, type Reverse, reverseOf, reverseOfAll } from './way-back.js';

const costs: readonly Cost[] = ['meta', 'hidden', 'scan', 'build', 'rewrite'];
const blocking: readonly Blocks[] = ['none', 'brief', 'writes', 'all'];

const heaviest = <Value>(values: readonly Value[], weight: (value: Value) => number): Value | undefined =>
  values.toSorted((one, other) => weight(other) - weight(one))[0];

const unlocked: Step['lock'] = { level: 'none', blocks: 'none' };

/**
 * What a step holds and whom that keeps waiting: statements of one transaction hold their locks together, so whatever
 * is locked against everybody stays so while another statement builds.
 */
const lockOf = (
  statements: readonly Statement[],
  quiet: boolean,
  { lockLevels = [] }: Dialect['capabilities'],
): Step['lock'] => {
  const lock = heaviest(statements, ({ lock: { blocks } }) => blocking.indexOf(blocks))?.lock ?? unlocked;
  const level = heaviest(statements, (one) => lockLevels.indexOf(one.lock.level))?.lock.level ?? lock.level;
  const held = lock.blocks === 'writes' && level === lockLevels.at(-1);
  if (!quiet || lock.blocks === 'none') return { level, blocks: held ? 'all' : lock.blocks };
  return { ...(statements[0]?.lock ?? lock), blocks: statements[0]?.lock.blocks === 'none' ? 'none' : 'brief' };
};

const costOf = (statements: readonly Statement[], quiet: boolean): Cost =>
  quiet ? 'meta' : (heaviest(statements, ({ cost }) => costs.indexOf(cost))?.cost ?? 'meta');

/** Milliseconds: a lock is waited for briefly; only changes of the catalogue have an end that can be foreseen. */
const timeoutsOf = (cost: Cost): StepTimeouts => ({ lockMs: 3000, statementMs: cost === 'meta' ? 30_000 : 0 });

/** What cannot happen to a table that nobody knows and that holds no rows. */
const withoutRows = new Set<Finding['hazard']>(['lock', 'rewrite', 'data-dependent', 'performance', 'security']);

const costly = new Set<Finding['hazard']>(['lock', 'rewrite']);

/** The hazards of the change a helper stands in for, without those the helper is there to avoid. */
const judgedHazards = (judged: Change | null, dialect: Dialect, context: RenderContext): readonly Finding[] =>
  judged === null
    ? []
    : dialect.render(judged, context).flatMap(({ hazards }) => hazards.filter(({ hazard }) => !costly.has(hazard)));

const hazardsOf = (statements: readonly Statement[], quiet: boolean): readonly Finding[] => {
  const all = statements.flatMap((statement, at) => statement.hazards.map((hazard) => ({ ...hazard, statement: at })));
  return quiet ? all.filter(({ hazard }) => !withoutRows.has(hazard)) : all;
};

/** What the change that is rendered takes along is gone before in one direction only, so it is not asked for. */
const asked = (before: FootprintPart, operations: readonly Operation[]): FootprintPart => {
  const silent = operations.flatMap(({ changes, rendered }) =>
    changes.filter((change) => change !== rendered).map(({ object }) => object),
  );
  const kept = Object.entries(before).filter(
    ([key, value]) => value === null || !silent.some((object) => key === `index ${object}`),
  );
  return Object.fromEntries(kept);
};

const ownerKey = `grant ${ownershipOf('', '').name}`;

/** Whoever owns what a state names no owner of is nothing to look for. */
const named = (objects: FootprintPart, { grants }: Schema): FootprintPart => {
  const owners = Object.keys(objects).filter((key) => key.startsWith(ownerKey));
  if (owners.length === 0) return objects;
  const told = new Set(grants.filter(({ grantee }) => grantee !== unnamedOwner).map(({ name }) => `grant ${name}`));
  const silent = new Set(owners.filter((key) => !told.has(key)));
  return Object.fromEntries(Object.entries(objects).filter(([key]) => !silent.has(key)));
};

/** One operation rendered against the state before it. */
interface Piece {
  readonly statements: readonly Statement[];
  readonly hazards: readonly Finding[];
  readonly way: Reverse;
  readonly after: Schema;
  readonly quiet: boolean;
}

const pieceOf = (operation: Operation, state: Schema, settings: Settings): Piece => {
  const { rendered, changes, judged } = operation;
  const context = { version: settings.version, style: settings.style };
  const statements = settings.dialect.render(rendered, { ...context, state });
  const after = applyChanges(state, changes);
  return {
    statements,
    hazards:
      judged === undefined
        ? hazardsOf(statements, settings.quiet)
        : judgedHazards(judged, settings.dialect, { ...context, state }),
    way: reverseOf(operation, settings, { ...context, state: after }, state),
    after,
    quiet: settings.quiet,
  };
};

const piecesOf = (
  operations: readonly Operation[],
  state: Schema,
  settings: (operation: Operation) => Settings,
): readonly Piece[] => {
  let before = state;
  return operations.map((operation) => {
    const piece = pieceOf(operation, before, settings(operation));
    before = piece.after;
    return piece;
  });
};

const hazardsIn = (pieces: readonly Piece[]): readonly Finding[] => {
  let offset = 0;
  return pieces.flatMap(({ hazards, statements }) => {
    const base = offset;
    offset += statements.length;
    return hazards.map((hazard) =>
      hazard.statement === undefined ? hazard : { ...hazard, statement: hazard.statement + base },
    );
  });
};

/** The operation that gives the step its name: what the others step aside for. */
const headOf = (operations: readonly Operation[]): Operation =>
  operations.find(({ part }) => part === 0) ?? operations[0]!;

/** Operations that are carried out together as one step, the state after it, and whether one transaction can hold it. */
export const stepOf = (
  operations: readonly Operation[],
  index: number,
  state: Schema,
  settings: (operation: Operation) => Settings,
): { readonly step: Step; readonly after: Schema; readonly isWhole: boolean } => {
  const pieces = piecesOf(operations, state, settings);
  const head = headOf(operations);
  const { rendered } = head;
  const statements = pieces.flatMap((piece) => piece.statements);
  const after = pieces.at(-1)!.after;
  const direct = directReverse(operations, { before: state, after }, settings(head));
  const delta = footprintDelta(state, after);
  const quiet = pieces.every((piece) => piece.quiet);
  const cost = costOf(statements, quiet);
  const step: Step = {
    id: `s${index + 1}`,
    kind: rendered.kind,
    object: rendered.object,
    phase: phaseOf(rendered),
    transactional: statements.every(({ transactional }) => transactional),
    statements: statements.map(({ text }) => text),
    ...(direct ?? reverseOfAll(pieces.map(({ way }) => way))),
    lock: lockOf(statements, quiet, settings(head).dialect.capabilities),
    cost,
    timeouts: timeoutsOf(cost),
    hazards: hazardsIn(pieces),
    precondition: { objects: named(asked(delta.before, operations), state) },
    postcondition: { objects: named(delta.after, after) },
    changes: [...new Set(operations.flatMap(({ origin, carried = [] }) => [origin, ...carried.map(([at]) => at)]))],
  };
  const isWhole = step.transactional && (direct !== undefined || step.reverse === null || step.reverseTransactional);
  return { step, after, isWhole };
};
