import type { RenderContext, Statement } from '@dsem/engine';
import {
  applyChanges,
  type Change,
  type Finding,
  footprintDelta,
  invert,
  type Schema,
  UnsupportedChange,
} from '@dsem/schema';
import { type Operation, operation } from './operation.js';
import { inOrder } from './order.js';
import type { Settings } from './settings.js';
import { withAsides } from './steps/aside.js';

/** How a step is taken back; null with the reason where it cannot be. */
export interface Reverse {
  readonly reverse: readonly string[] | null;
  readonly reverseTransactional: boolean;
  readonly irreversibleBecause?: string;
  /** Rows or values that going back destroys; absent when none. */
  readonly reverseLosses?: readonly Finding[];
}

const losing = (losses: readonly Finding[]): Pick<Reverse, 'reverseLosses'> =>
  losses.length === 0 ? {} : { reverseLosses: losses };

/** Whether something has to make way on the way back that stands on the way there, such as readers of a label that goes. */
const isWider = (change: Change, { dialect }: Settings, context: RenderContext, before: Schema): boolean => {
  const { pins } = dialect;
  if (pins === undefined || pins(invert(change), context).length === 0) return false;
  return pins(change, { ...context, state: before }).length === 0;
};

const inTurn = (
  operations: readonly Operation[],
  { dialect }: Settings,
  context: RenderContext,
): readonly Statement[] => {
  let { state } = context;
  return operations.flatMap(({ rendered, changes }) => {
    const statements = dialect.render(rendered, { ...context, state });
    state = applyChanges(state, changes);
    return statements;
  });
};

const statementsBack = (
  change: Change,
  settings: Settings,
  context: RenderContext,
  before: Schema,
): readonly Statement[] => {
  const back = invert(change);
  const { dialect } = settings;
  if (!isWider(change, settings, context, before)) return dialect.render(back, context);
  const offline: RenderContext = { ...context, style: 'offline' };
  const recipe = { dialect, from: context.state, to: before, version: context.version, style: offline.style };
  return inTurn(inOrder(withAsides([operation(back, 0)], recipe), dialect.uses), settings, offline);
};

/** What came about by a change is carried out once that is taken back. */
const renderedAlong = (
  along: Change,
  rendered: Change,
  { dialect }: Settings,
  context: RenderContext,
): readonly Statement[] =>
  dialect.render(invert(along), { ...context, state: applyChanges(context.state, [invert(rendered)]) });

/** The way back of one operation; `context` holds the state after it. */
export const reverseOf = (
  { rendered, along }: Operation,
  settings: Settings,
  context: RenderContext,
  before: Schema,
): Reverse => {
  try {
    const statements = [
      ...statementsBack(rendered, settings, context, before),
      ...(along === undefined ? [] : renderedAlong(along, rendered, settings, context)),
    ];
    return {
      reverse: statements.map(({ text }) => text),
      reverseTransactional: statements.every(({ transactional }) => transactional),
      ...losing(statements.flatMap(({ hazards }) => hazards.filter(({ hazard }) => hazard === 'data-loss'))),
    };
  } catch (error) {
    if (!(error instanceof UnsupportedChange)) throw error;
    return { reverse: null, reverseTransactional: true, irreversibleBecause: error.message };
  }
};

/**
 * The way back of operations for which others only stepped aside and came back as they were: where nothing has to make
 * way backwards, as when a label comes again that went, it is the change alone. Undefined where it is longer.
 */
export const directReverse = (
  operations: readonly Operation[],
  states: { readonly before: Schema; readonly after: Schema },
  settings: Settings,
): Reverse | undefined => {
  const heads = operations.filter(({ part = 0 }) => part === 0);
  if (heads.length !== 1 || heads.length === operations.length) return undefined;
  const [head] = heads as [Operation];
  if (operations.some(({ origin }) => origin !== head.origin)) return undefined;
  const { before, after } = states;
  if (Object.keys(footprintDelta(applyChanges(before, head.changes), after).after).length > 0) return undefined;
  const context: RenderContext = { state: after, version: settings.version, style: settings.style };
  const { pins } = settings.dialect;
  if (pins === undefined || pins(invert(head.rendered), context).length > 0) return undefined;
  return reverseOf(head, settings, context, before);
};

/** The ways back of several operations, last one first; none when one of them has none. */
export const reverseOfAll = (ways: readonly Reverse[]): Reverse => {
  const stuck = ways.find(({ reverse }) => reverse === null);
  if (stuck !== undefined) return stuck;
  return {
    reverse: ways.toReversed().flatMap(({ reverse }) => reverse ?? []),
    reverseTransactional: ways.every(({ reverseTransactional }) => reverseTransactional),
    ...losing(ways.toReversed().flatMap(({ reverseLosses = [] }) => reverseLosses)),
  };
};
