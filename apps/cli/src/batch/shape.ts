import type { z } from 'zod';
import { CliProblem } from '../problem.js';
import { type BatchRequest, requestShape } from './request.js';

type Issue = z.core.$ZodIssue;

const verbs = requestShape.options.map((option) => option.shape.verb.value);

const article = (word: string): string => `${/^[aeiou]/u.test(word) ? 'an' : 'a'} ${word}`;

/** What a value is, in JSON's words. */
const kindOf = (value: unknown): string => {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return article(typeof value);
};

/** What was given, short enough to be told. */
const given = (value: unknown): string => {
  if (typeof value === 'object' || value === undefined) return kindOf(value);
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
};

const at = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (inner, name) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, name)
        ? (inner as Readonly<Record<PropertyKey, unknown>>)[name]
        : undefined,
    value,
  );

const expected = (issue: Issue): string => {
  switch (issue.code) {
    case 'invalid_type':
      return article(issue.expected);
    case 'invalid_value':
      return `one of ${issue.values.map(String).join(', ')}`;
    case 'too_big':
      return `at most ${String(issue.maximum)} ${issue.origin === 'string' ? 'characters' : 'items'}`;
    case 'invalid_union':
      return issue.path.at(-1) === 'id' ? 'a text, a number or null' : 'DDL text or a canonical definition';
    default:
      return issue.message;
  }
};

const fieldOf = (issue: Issue): string => issue.path.map(String).join('.');

/** One thing that is wrong with a request whose verb is known, as a sentence's end. */
const wrong = (issue: Issue, value: unknown, verb: BatchRequest['verb']): string => {
  if (issue.code === 'unrecognized_keys') {
    const known = requestShape.options.find(({ shape }) => shape.verb.value === verb)?.shape ?? {};
    const names = issue.keys.slice(0, 20).map((key) => JSON.stringify(key.slice(0, 60)));
    return `${verb} has no ${names.join(', ')}; it takes ${Object.keys(known).join(', ')}`;
  }
  const found = at(value, issue.path);
  const isMissing = found === undefined;
  return isMissing
    ? `"${fieldOf(issue)}" is missing: ${expected(issue)}`
    : `"${fieldOf(issue)}" is ${issue.code === 'too_big' ? 'too long' : given(found)}, not ${expected(issue)}`;
};

const verbOf = (value: unknown): BatchRequest['verb'] | undefined => verbs.find((verb) => verb === at(value, ['verb']));

const whatIsWrong = (value: unknown, issues: readonly Issue[]): readonly string[] => {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return [`it is ${kindOf(value)}, not a JSON object`];
  const verb = verbOf(value);
  if (verb !== undefined) return issues.slice(0, 5).map((issue) => wrong(issue, value, verb));
  const named = at(value, ['verb']);
  const told = named === undefined ? 'it has no "verb"' : `the verb ${given(named)} is not known`;
  return [`${told}; there are ${verbs.join(', ')}`];
};

/**
 * A line's value as a request; `named` is how the refusal calls it, such as `Request 3 (id 17)`.
 * @throws CliProblem DSEM-1002 with what was given and what there is
 */
export const requestOf = (value: unknown, named: string): BatchRequest => {
  const result = requestShape.safeParse(value);
  if (result.success) return result.data;
  throw new CliProblem(
    'DSEM-1002',
    'The request has the wrong shape',
    `${named}: ${whatIsWrong(value, result.error.issues).join('; ')}`,
    'Compare it with BatchRequest in `dsem help json-schemas`.',
  );
};
