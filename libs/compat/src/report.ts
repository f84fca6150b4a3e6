import { modeShape, type EngineName, type Finding } from '@dsem/schema';

/** The modes by name; their shape is declared once, in the model. */
export const compatibilityModes = modeShape.options;
export type CompatibilityMode = (typeof compatibilityModes)[number];

/** What a service reads and writes, as far as compatibility needs it. Paths as in `pathOf`: objects or columns. */
export interface ConsumerContract {
  readonly name: string;
  readonly version?: string;
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  readonly lastSeen?: string;
}

/** How the score came about: 100 minus 40 per break of a live contract, 15 per potential break, 5 per warning, floor 0. */
export interface ScoreArithmetic {
  readonly liveBreaks: number;
  readonly potentialBreaks: number;
  readonly warnings: number;
}

/** What a change asks of the version number (engines.md section 9, semver). */
export type Bump = 'major' | 'minor' | 'patch' | 'none';

/** The verdict of one target version against one or more baselines. */
export interface CompatibilityReport {
  readonly engine: EngineName;
  readonly mode: CompatibilityMode;
  readonly compatible: boolean;
  readonly backwardCompatible: boolean;
  readonly forwardCompatible: boolean;
  readonly score: number;
  readonly arithmetic: ScoreArithmetic;
  /** The bump the diff to the newest baseline demands. */
  readonly semver: Bump;
  readonly findings: readonly Finding[];
  /** Digest of the rule set that judged. */
  readonly ruleset: string;
}
