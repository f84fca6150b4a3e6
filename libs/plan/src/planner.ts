import type { Dialect } from '@dsem/engine';
import {
  compared,
  diff,
  digest,
  equal,
  ownedIn,
  type Finding,
  pathOf,
  type Rename,
  type Schema,
  UnsupportedChange,
} from '@dsem/schema';
import { hashOf } from './hash.js';
import { createdTables, type Operation, type Recipe, tableOf } from './operation.js';
import { inOrder } from './order.js';
import type { Plan, Step } from './plan.js';
import type { Settings } from './settings.js';
import { stepsOfUnit, unitsOf } from './unit.js';
import { expand } from './steps/index.js';

/** What a plan is made from; both states in normal form. */
export interface PlanInput {
  readonly dialect: Dialect;
  readonly from: Schema;
  readonly to: Schema;
  /** The target server's major version; the newest supported one when absent. */
  readonly version?: string;
  /** `online` (default): safe for live traffic; `offline`: one window, shortest total time. */
  readonly style?: 'online' | 'offline';
  readonly renames?: readonly Rename[];
}

const recipeOf = (input: PlanInput, version: string, style: 'online' | 'offline'): Recipe => {
  const { dialect, renames } = input;
  const { from, to } = compared(input.from, input.to, renames);
  const changes = diff(from, to, dialect.diff, renames);
  const created = createdTables(changes);
  return {
    dialect,
    style,
    version,
    from,
    to,
    changes,
    isNew: (table) => created.has(pathOf(table)),
  };
};

/** Nobody waits for a new table, and what steps aside is away in one transaction with what it steps aside for. */
const settingsOf = (operation: Operation, recipe: Recipe, base: Omit<Settings, 'quiet'>): Settings => {
  const table = tableOf(operation.rendered);
  const quiet = operation.quiet ?? (table !== undefined && recipe.isNew(table));
  const together = operation.part === -1 || operation.part === 1;
  return { ...base, quiet, style: quiet || together ? 'offline' : base.style };
};

const stepsOf = (recipe: Recipe, base: Omit<Settings, 'quiet'>): readonly Step[] => {
  const steps: Step[] = [];
  let state = recipe.from;
  for (const unit of unitsOf(inOrder(expand(recipe), recipe.dialect.uses))) {
    const settings = (operation: Operation): Settings => settingsOf(operation, recipe, base);
    const made = stepsOfUnit(unit, steps.length, state, settings);
    state = made.after;
    steps.push(...made.steps);
  }
  if (digest(state) !== digest(recipe.to)) {
    throw new UnsupportedChange(
      'The planned steps do not lead to the target state; split the change over two versions.',
    );
  }
  return steps;
};

const distinct = (findings: readonly Finding[]): readonly Finding[] => {
  const seen = new Map(findings.map((finding) => [`${finding.rule} ${finding.object} ${finding.message}`, finding]));
  return [...seen.values()];
};

const ownersOf = (from: Schema, to: Schema): Pick<Plan, 'owners'> => {
  const owners = { from: ownedIn(from), to: ownedIn(to) };
  return owners.from.length + owners.to.length === 0 ? {} : { owners };
};

/**
 * The ordered, safe steps from one state to another, each with its reverse. Pure; O(changes x log objects) plus one diff.
 * @throws UnsupportedChange naming the object when the engine cannot go this way; EngineMismatch.
 */
export const plan = (input: PlanInput): Plan => {
  const { dialect, from, style = 'online' } = input;
  const to = equal(from, input.to) ? from : input.to;
  const version = input.version ?? dialect.capabilities.versions.default;
  const recipe = recipeOf({ ...input, to }, version, style);
  const steps = stepsOf(recipe, { dialect, version, style });
  const findings = distinct(steps.flatMap(({ hazards }) => hazards.map(({ statement: _, ...finding }) => finding)));
  const content: Omit<Plan, 'hash'> = {
    schemaVersion: 1,
    engine: dialect.engine,
    engineVersion: version,
    from: { digest: digest(from) },
    to: { digest: digest(to) },
    ...ownersOf(from, to),
    destructive: findings.some(({ hazard }) => hazard === 'data-loss'),
    changes: recipe.changes,
    steps,
    findings,
  };
  return { ...content, hash: hashOf(content) };
};
