import type { Dialect } from '@dsem/engine';
import { type Actor, type Change, type Finding, type Rename, type Schema, diff } from '@dsem/schema';
import { consumersHit, consumersSaid } from './consumers.js';
import { withTablesBelow } from './lookup.js';
import { brokenModes, countedActors, isTransitive } from './modes.js';
import type { Bump, CompatibilityMode, CompatibilityReport, ConsumerContract, ScoreArithmetic } from './report.js';
import type { Hit, Rule, RuleContext } from './rule.js';
import { rules } from './rules/index.js';
import { type SeverityOverrides, rulesetDigest } from './ruleset.js';
import { bumpOf, largestBump } from './semver.js';

/** What `assess` judges, and by which settings. */
export interface AssessmentInput {
  readonly dialect: Pick<Dialect, 'diff' | 'typeChange'>;
  /** Baselines, oldest first; without any there is nothing to break. */
  readonly from: readonly Schema[];
  readonly to: Schema;
  readonly mode: CompatibilityMode;
  readonly consumers?: readonly ConsumerContract[];
  readonly severities?: SeverityOverrides;
  /** Declared renames between the newest baseline and `to`. */
  readonly renames?: readonly Rename[];
}

/** A finding with the demand on the version number it came with. */
interface Judged {
  readonly finding: Finding;
  readonly bump: Bump;
}

const findingOf = (rule: Rule, hit: Hit, { consumers = [], severities = {} }: AssessmentInput): Judged | undefined => {
  const severity = severities[rule.id] ?? hit.severity ?? rule.severity;
  if (severity === 'off') return undefined;
  const actors = hit.breaks ?? rule.breaks;
  const hits = consumersHit(consumers, hit.touches ?? [hit.object], actors);
  const modes = brokenModes(actors);
  const finding: Finding = {
    rule: rule.id,
    severity,
    hazard: rule.hazard,
    object: hit.object,
    message: `${hit.message}${consumersSaid(hits)}.`,
    why: rule.why,
    fix: rule.fix,
    ...(actors.length > 0 && { actors, modes }),
    ...(hits.length > 0 && { consumers: hits }),
  };
  return { finding, bump: isLiveBreak(finding) ? 'major' : (hit.bump ?? rule.bump) };
};

/** A change that stops somebody who is known to be there. */
const isLiveBreak = ({ severity, consumers = [] }: Finding): boolean => severity === 'error' && consumers.length > 0;

/** What happens to a parent happens to every table below, but for the parent's own loss or gain of one. */
const spread = (hit: Hit, change: Change, { from }: RuleContext): Hit =>
  change.kind === 'detach-partition' || change.kind === 'leave-parent'
    ? hit
    : { ...hit, touches: withTablesBelow(from, hit.touches ?? [hit.object]) };

const judge = (changes: readonly Change[], context: RuleContext, input: AssessmentInput): readonly Judged[] =>
  rules.flatMap((rule) =>
    changes.flatMap((change) =>
      rule.check(change, context).flatMap((hit) => findingOf(rule, spread(hit, change, context), input) ?? []),
    ),
  );

interface Compared {
  readonly judged: readonly Judged[];
  readonly bump: Bump;
}

const compare = (from: Schema, renames: readonly Rename[], input: AssessmentInput): Compared => {
  const { to, dialect } = input;
  const changes = diff(from, to, dialect.diff, renames);
  const judged = judge(changes, { from, to, dialect, changes }, input);
  return { judged, bump: largestBump([...changes.map(bumpOf), ...judged.map(({ bump }) => bump)]) };
};

/** What several baselines have in common is told once. */
const distinct = (findings: readonly Finding[]): readonly Finding[] => [
  ...new Map(findings.map((finding) => [`${finding.rule} ${finding.object} ${finding.message}`, finding])).values(),
];

const breaks = (findings: readonly Finding[], actors: readonly Actor[]): boolean =>
  findings.some(
    ({ severity, actors: broken = [] }) => severity !== 'info' && broken.some((actor) => actors.includes(actor)),
  );

const arithmeticOf = (findings: readonly Finding[]): ScoreArithmetic => {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const liveBreaks = errors.filter(isLiveBreak).length;
  const warnings = findings.filter(({ severity }) => severity === 'warning').length;
  return { liveBreaks, potentialBreaks: errors.length - liveBreaks, warnings };
};

/** 100 for nothing found, never below 0 (engines.md section 9). */
export const scoreOf = ({ liveBreaks, potentialBreaks, warnings }: ScoreArithmetic): number =>
  Math.max(0, 100 - 40 * liveBreaks - 15 * potentialBreaks - 5 * warnings);

/**
 * Judges one target state against its baselines: pure, the same for CI, services and the CLI.
 *
 * A version is incompatible when an actor that counts in the mode fails, and, in every mode but `none`, when a live
 * consumer fails: whoever is known to run is an old reader or writer that the rollout would stop. Findings of severity
 * `info` never count. O(baselines x (schema + changes x rules)).
 * @throws EngineMismatch when baseline and target belong to different engines.
 */
export const assess = (input: AssessmentInput): CompatibilityReport => {
  const { from, to, mode, renames = [], severities = {} } = input;
  const newest = from.at(-1);
  const older = isTransitive(mode) ? from.slice(0, -1) : [];
  const last = newest === undefined ? { judged: [], bump: 'none' as const } : compare(newest, renames, input);
  const judged = [...last.judged, ...older.flatMap((baseline) => compare(baseline, [], input).judged)];
  const findings = distinct(judged.map(({ finding }) => finding));
  const arithmetic = arithmeticOf(findings);
  const stopped = mode !== 'none' && (arithmetic.liveBreaks > 0 || breaks(findings, countedActors(mode)));
  return {
    engine: to.engine,
    mode,
    compatible: !stopped,
    backwardCompatible: !breaks(findings, countedActors('backward')),
    forwardCompatible: !breaks(findings, countedActors('forward')),
    score: scoreOf(arithmetic),
    arithmetic,
    semver: last.bump,
    findings,
    ruleset: rulesetDigest(rules, severities),
  };
};
