import { dialectFor, dialects } from '@dsem/catalogue';
import {
  type Dialect,
  type LintedStatement,
  type Linter,
  type LintInput,
  type LintRule,
  type LintSeverities,
  nolintRules,
  ruleDocs,
  severityOf,
} from '@dsem/engine';
import type { EngineName, Finding, Severity } from '@dsem/schema';
import { CliProblem, type Problem, problemOf, usage } from '../problem.js';
import { coveredVersion } from './plan.js';

/** What `lint` tells of some scripts. */
export interface LintAnswer {
  readonly engine: EngineName;
  readonly engineVersion: string;
  readonly statements: readonly LintedStatement[];
  readonly findings: readonly Finding[];
  /** Scripts that could not be read. */
  readonly errors: readonly Problem[];
}

export interface LintQuestion extends Omit<LintInput, 'version' | 'severities'> {
  readonly version: string | undefined;
  readonly severities: LintSeverities;
}

/** How the engine judges scripts. @throws CliProblem naming the engine when it does not yet */
const linterOf = ({ engine, lint }: Dialect): Linter => {
  if (lint !== undefined) return lint;
  const able = Object.values<Dialect>(dialects).filter((one) => one.lint !== undefined);
  throw new CliProblem(
    'DSEM-2104',
    'The engine cannot make this change',
    `Scripts for ${engine} cannot be judged yet.`,
    `Use one of: ${able.map((one) => one.engine).join(', ')}.`,
  );
};

const allRules = (linter: Linter): readonly LintRule[] => [...linter.rules, ...Object.values(nolintRules)];

const checkRules = (linter: Linter, asked: LintSeverities): void => {
  const known = new Set(allRules(linter).map(({ id }) => id));
  const strange = Object.keys(asked).find((id) => !known.has(id));
  if (strange !== undefined) throw usage(`There is no rule ${strange}.`, 'See `dsem lint --rules`.');
};

/**
 * Judges scripts in order. One that cannot be read does not keep the others from being judged.
 * @throws Refusal when the only script cannot be read
 */
export const lintAnswer = async (engine: EngineName, question: LintQuestion): Promise<LintAnswer> => {
  const dialect = dialectFor(engine);
  const linter = linterOf(dialect);
  const { version: asked, ...input } = question;
  checkRules(linter, input.severities);
  const version = coveredVersion(dialect, asked);
  const { statements, findings, broken } = await linter.judge({ ...input, version });
  const [first] = broken;
  if (first !== undefined && input.sources.length === 1) throw first;
  return { engine, engineVersion: version, statements, findings, errors: broken.map(problemOf) };
};

/** A script that cannot be read, for forms that know findings only. */
export const unreadable = ({ detail = '', fix = '', location }: Problem): Finding => ({
  rule: 'unparsable-statement',
  severity: 'error',
  hazard: 'policy',
  object: location?.file ?? 'the script',
  message: detail,
  why: 'Nothing of the script can be judged.',
  fix,
  docs: ruleDocs('unparsable-statement'),
  ...(location !== undefined && { location }),
});

/** A rule as it is listed. */
export interface ListedRule extends Omit<LintRule, 'severity' | 'optional'> {
  readonly engine: EngineName;
  readonly severity: Severity | 'off';
  readonly docs: string;
}

/** Every rule of one engine, or of all that have some, by severity under what was asked. */
export const listedRules = (engine: EngineName | undefined, asked: LintSeverities): readonly ListedRule[] => {
  const chosen = engine === undefined ? Object.values<Dialect>(dialects) : [dialectFor(engine)];
  if (engine !== undefined) linterOf(dialectFor(engine));
  return chosen.flatMap((dialect) => {
    if (dialect.lint === undefined) return [];
    checkRules(dialect.lint, asked);
    return allRules(dialect.lint).map((rule) => {
      const { id, title, hazard, why, fix } = rule;
      const severity = severityOf(rule, asked);
      return { engine: dialect.engine, id, title, severity, hazard, why, fix, docs: ruleDocs(id) };
    });
  });
};
