import { checkAnswer, modeNamed } from '../answers/check.js';
import { diffAnswer } from '../answers/diff.js';
import { inspectAnswer } from '../answers/inspect.js';
import { jsonLine } from '../output/order.js';
import { problemJson } from '../output/problem.js';
import { CliProblem, problemOf, usage } from '../problem.js';
import { engineNamed } from '../state/engine.js';
import { settled } from '../state/access.js';
import { readGiven, type State } from '../state/read-state.js';
import type { Line } from './lines.js';
import type { BatchRequest } from './request.js';
import { requestOf } from './shape.js';

/** The two states of a request, with what is managed elsewhere the same in both. */
const readPair = async (
  request: Extract<BatchRequest, { verb: 'plan' | 'diff' }>,
  engine: ReturnType<typeof engineNamed>,
): Promise<readonly [State, State]> => {
  const given = [await readGiven(engine, request.from, 'from'), await readGiven(engine, request.to, 'to')] as const;
  const [from = given[0], to = given[1]] = await settled(given, request);
  return [from, to];
};

const plan = async (
  request: Extract<BatchRequest, { verb: 'plan' }>,
  engine: ReturnType<typeof engineNamed>,
): Promise<object> => {
  const { planAnswer } = await import('../answers/plan.js');
  const [from, to] = await readPair(request, engine);
  return planAnswer(from.schema, to, request.engineVersion, request.offlineStyle === true ? 'offline' : 'online');
};

const check = async (
  request: Extract<BatchRequest, { verb: 'check' }>,
  engine: ReturnType<typeof engineNamed>,
): Promise<object> => {
  const given = Array.isArray(request.from) ? request.from : [request.from];
  const read = [];
  for (const [at, each] of given.entries()) read.push(await readGiven(engine, each, `from[${at}]`));
  const states = await settled([...read, await readGiven(engine, request.to, 'to')], request);
  const from = states.slice(0, -1).map(({ schema }) => schema);
  return checkAnswer(from, states.at(-1)!, modeNamed(request.mode));
};

const merge = async (
  request: Extract<BatchRequest, { verb: 'merge' }>,
  engine: ReturnType<typeof engineNamed>,
): Promise<object> => {
  const { mergeAnswer } = await import('../answers/merge.js');
  const sides = {
    base: await readGiven(engine, request.base, 'base'),
    ours: await readGiven(engine, request.ours, 'ours'),
    theirs: await readGiven(engine, request.theirs, 'theirs'),
  };
  return mergeAnswer(sides, request);
};

const lint = async (
  request: Extract<BatchRequest, { verb: 'lint' }>,
  engine: ReturnType<typeof engineNamed>,
): Promise<object> => {
  const { lintAnswer } = await import('../answers/lint.js');
  const { sql, file, state, engineVersion, inTransaction = false, rules = {} } = request;
  return lintAnswer(engine, {
    sources: [{ text: sql, ...(file !== undefined && { file }) }],
    ...(state !== undefined && { state: (await readGiven(engine, state, 'state')).schema }),
    version: engineVersion,
    inTransaction,
    severities: rules,
  });
};

const answer = async (request: BatchRequest, fallback: string | undefined): Promise<object> => {
  const named = request.engine ?? fallback;
  if (named === undefined) throw usage('The request does not say its engine.', 'Add "engine", or start with --engine.');
  const engine = engineNamed(named);
  switch (request.verb) {
    case 'inspect':
      return inspectAnswer((await settled([await readGiven(engine, request.state, 'state')], request))[0]!.schema);
    case 'diff': {
      const [from, to] = await readPair(request, engine);
      return diffAnswer(from.schema, to.schema, to.renamedFrom);
    }
    case 'plan':
      return plan(request, engine);
    case 'check':
      return check(request, engine);
    case 'merge':
      return merge(request, engine);
    case 'lint':
      return lint(request, engine);
    default:
      return request satisfies never;
  }
};

const read = (line: Line): unknown => {
  if (!('text' in line))
    throw new CliProblem('DSEM-1004', 'The request is too large', 'The line is too long.', 'Split the state.');
  try {
    return JSON.parse(line.text);
  } catch (error) {
    const detail = (error as Error).message.slice(0, 200);
    throw new CliProblem('DSEM-1001', 'The request is not valid JSON', detail, 'Write one JSON object per line.');
  }
};

const idOf = (value: unknown): string | number | null => {
  if (typeof value !== 'object' || value === null || !('id' in value)) return null;
  const { id } = value;
  return typeof id === 'string' || typeof id === 'number' ? id : null;
};

const nameOf = (id: string | number | null, number: number): string =>
  id === null ? `Request ${number}` : `Request ${number} (id ${JSON.stringify(id).slice(0, 60)})`;

/** The answer to one line, as one line; whatever is wrong becomes an error answer. Requests are counted from 1. */
export const answerLine = async (line: Line, number: number, engine: string | undefined): Promise<string> => {
  let id: string | number | null = null;
  try {
    const value = read(line);
    id = idOf(value);
    const result = await answer(requestOf(value, nameOf(id, number)), engine);
    return jsonLine({ schemaVersion: 1, ...result, id });
  } catch (error) {
    return jsonLine({ id, ...problemJson(problemOf(error)) });
  }
};
