import type { Finding, Location } from '@dsem/schema';
import type { LintRule, LintSeverities } from './contract.js';
import { severityOf } from './severity.js';

/** A comment of a script, without the marks around it. */
export interface Comment {
  readonly text: string;
  readonly location: Location;
  /** Whether nothing else stands on its line. */
  readonly alone: boolean;
}

/** The lines a statement covers; comments right before it or inside it speak about it. */
export interface Span {
  readonly statement: number;
  readonly from: number;
  readonly to: number;
}

interface Exception {
  readonly rules: readonly string[];
  readonly reason: string;
  readonly wholeFile: boolean;
  readonly comment: Comment;
}

const form = /^\s*dsem:\s*nolint(-file)?(?![\w-])\s*([a-z0-9-]+(?:\s*,\s*[a-z0-9-]+)*)?\s*(?:[:-]{1,2}\s+)?([\s\S]*)$/i;

const exceptionIn = (comment: Comment): readonly Exception[] => {
  const found = form.exec(comment.text);
  if (!found) return [];
  const [, file, names = '', reason = ''] = found;
  const rules = names.split(',').flatMap((name) => (name.trim() === '' ? [] : [name.trim().toLowerCase()]));
  return [{ rules, reason: reason.trim(), wholeFile: file !== undefined, comment }];
};

/** About the comments themselves. */
export const nolintRules = {
  reason: {
    id: 'nolint-without-reason',
    title: 'A finding is silenced without a reason',
    severity: 'error',
    hazard: 'policy',
    why: 'Whoever reads the script later cannot tell whether the silenced finding was understood. The comment has no effect.',
    fix: 'Write `dsem: nolint <rule> <reason>`.',
  },
  unknown: {
    id: 'nolint-unknown-rule',
    title: 'A comment silences a rule that does not exist',
    severity: 'warning',
    hazard: 'policy',
    why: 'A misspelled rule silences nothing.',
    fix: 'Take the id from `dsem lint --rules`.',
  },
} as const satisfies Readonly<Record<string, LintRule>>;

const told = (rule: LintRule, { location }: Comment, message: string, asked: LintSeverities): readonly Finding[] => {
  const severity = severityOf(rule, asked);
  const { id, hazard, why, fix } = rule;
  if (severity === 'off') return [];
  return [{ rule: id, severity, hazard, object: location.file ?? 'the script', message, why, fix, location }];
};

const complaints = (one: Exception, known: ReadonlySet<string>, asked: LintSeverities): readonly Finding[] => {
  const strange = one.rules.filter((id) => !known.has(id));
  const silent = one.rules.length === 0 || one.reason === '';
  return [
    ...(silent ? told(nolintRules.reason, one.comment, 'A nolint comment needs a rule and a reason.', asked) : []),
    ...strange.flatMap((id) => told(nolintRules.unknown, one.comment, `There is no rule ${id}.`, asked)),
  ];
};

/** Comments that stand alone speak about the line below the block of comments they are in. */
const lineBelow = (comment: Comment, lonely: ReadonlySet<number>): number => {
  let line = comment.location.line + 1;
  while (lonely.has(line)) line += 1;
  return line;
};

/** What all comments of a script are judged with. */
interface Around {
  readonly spanOf: ReadonlyMap<number, Span>;
  /** Lines that hold nothing but a comment. */
  readonly lonely: ReadonlySet<number>;
  /** `rule line` of every finding. */
  readonly taken: ReadonlySet<string>;
}

const speaksOf = (one: Exception, finding: Finding, { spanOf, lonely, taken }: Around): boolean => {
  const line = finding.location?.line;
  const { comment } = one;
  const own = comment.location.line;
  const span = spanOf.get(finding.statement ?? -1);
  if (line === own) return true;
  const below = comment.alone ? lineBelow(comment, lonely) : undefined;
  if (below !== undefined && (below === line || below === span?.from)) return true;
  const inside = span !== undefined && own >= span.from && own <= span.to && line === span.from;
  return inside && !taken.has(`${finding.rule} ${own}`) && !taken.has(`${finding.rule} ${below}`);
};

/**
 * Takes out the findings of one script that its `dsem: nolint <rule> <reason>` comments (the line before, or the same
 * line) and `dsem: nolint-file <rule> <reason>` comments silence, and adds what is wrong with the comments.
 */
export const withoutSilenced = (
  findings: readonly Finding[],
  comments: readonly Comment[],
  spans: readonly Span[],
  rules: readonly LintRule[],
  asked: LintSeverities = {},
): readonly Finding[] => {
  const exceptions = comments.flatMap(exceptionIn);
  if (exceptions.length === 0) return findings;
  const around: Around = {
    spanOf: new Map(spans.map((span) => [span.statement, span])),
    lonely: new Set(comments.filter(({ alone }) => alone).map(({ location }) => location.line)),
    taken: new Set(findings.map(({ rule, location }) => `${rule} ${location?.line}`)),
  };
  const valid = exceptions.filter(({ rules: named, reason }) => named.length > 0 && reason !== '');
  const silenced = (finding: Finding): boolean =>
    valid.some((one) => one.rules.includes(finding.rule) && (one.wholeFile || speaksOf(one, finding, around)));
  const known = new Set([...rules, ...Object.values(nolintRules)].map(({ id }) => id));
  return [
    ...findings.filter((finding) => !silenced(finding)),
    ...exceptions.flatMap((one) => complaints(one, known, asked)),
  ];
};
