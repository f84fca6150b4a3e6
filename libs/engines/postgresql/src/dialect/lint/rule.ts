import type { Cost, LintRule } from '@dsem/engine';
import type { Location, Severity } from '@dsem/schema';
import type { Full } from '../parse/names.js';
import type { Act, ActKind, ActOf } from './acts.js';
import type { Scene, Spot } from './scene.js';
import type { Session } from './session.js';
import type { World } from './world/world.js';

/** One place where a rule applies; what it leaves out is as the rule says. */
export interface Hit {
  /** The path of what it is about. */
  readonly object: string;
  readonly message: string;
  /** The table whose rows or users suffer: nothing is told when the script itself has made it. */
  readonly table?: Full;
  readonly severity?: Severity;
  readonly fix?: string;
  readonly at?: Location;
  /** The statement it is about, when that is not the one that is read. */
  readonly statement?: number;
}

/** An act that was judged, where it stands, and what it cost. */
export interface Entry {
  readonly act: Act;
  readonly spot: Spot;
  readonly cost: Cost;
  /** Inside a block of code, which is one transaction. */
  readonly inBlock: boolean;
}

/** A script that has been read to its end. */
export interface Script {
  readonly entries: readonly Entry[];
  readonly world: World;
  readonly session: Session;
}

/** One rule with all its metadata and how it is told apart. */
export interface ScriptRule extends LintRule {
  readonly on: readonly ActKind[];
  /** The harm grows with the rows of the table: it is small on small tables, and none on empty ones. */
  readonly scales?: true;
  /** Told of bodies that do not run now as well; without it only of what they lose, lock or copy when they do. */
  readonly ofBodies?: true;
  /** Told at its first place only. */
  readonly once?: true;
  readonly check: (act: Act, scene: Scene) => readonly Hit[];
  readonly finish?: (script: Script) => readonly Hit[];
}

interface RuleOf<Kind extends ActKind> extends Omit<ScriptRule, 'on' | 'check'> {
  readonly on: readonly Kind[];
  readonly check: (act: ActOf<Kind>, scene: Scene) => readonly Hit[];
}

/** Declares a rule whose check sees only the acts it is about. */
export const rule = <Kind extends ActKind>(declared: RuleOf<Kind>): ScriptRule => ({
  ...declared,
  check: (act, scene) => declared.check(act as ActOf<Kind>, scene),
});

/** Declares a rule about a script as a whole. */
export const scriptRule = (declared: Omit<ScriptRule, 'on' | 'check'>): ScriptRule => ({
  ...declared,
  on: [],
  check: () => [],
});
