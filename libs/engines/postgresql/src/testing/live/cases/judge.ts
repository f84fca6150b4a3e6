import type { Way } from '@dsem/engine/testing';
import { diff, type Schema } from '@dsem/schema';
import { postgresqlDump } from '@dsem/testkit';
import { postgresqlDialect as dialect } from '../../../dialect/index.js';
import { postgresqlDriver as driver } from '../../../driver/index.js';
import { execute, planned } from '../way.js';
import type { ForeignCase } from './read.js';
import { columnNames, contents, seed } from './rows.js';

const good = ['reached and back', 'reached, rows lost as said', 'reached, no way back as said'] as const;
const uncounted = ['server refuses the case', 'asks for a switch'] as const;
/** How a case ended. */
export type Verdict =
  | (typeof good)[number]
  | (typeof uncounted)[number]
  | 'refused'
  | 'fails'
  | 'differs'
  | 'plans again'
  | 'fails on the way back'
  | 'differs on the way back'
  | 'rows lost';

const among = (verdicts: readonly Verdict[], verdict: Verdict): boolean => verdicts.includes(verdict);

export const isGood = (verdict: Verdict): boolean => among(good, verdict);

/** Whether the case says nothing about the product. */
export const isUncounted = (verdict: Verdict): boolean => among(uncounted, verdict);

export interface Judgement {
  readonly verdict: Verdict;
  readonly why: string;
}

export interface Scratch {
  readonly url: string;
  readonly drop: () => Promise<void>;
}

const said = (error: unknown): string => {
  const { message, detail } = error as { readonly message: string; readonly detail?: string };
  return detail === undefined ? message : `${message}: ${detail}`;
};

type Statements = Way['there'];

/** Ends the judgement where the work fails. */
class Ended extends Error {
  constructor(readonly judgement: Judgement) {
    super(judgement.why);
  }
}

const orEnd = async <Result>(verdict: Verdict, work: () => Result | Promise<Result>): Promise<Result> => {
  try {
    return await work();
  } catch (error) {
    throw new Ended({ verdict, why: said(error) });
  }
};

const expectSame = (verdict: Verdict, found: readonly string[], wanted: readonly string[]): void => {
  const [left, right] = [new Set(found), new Set(wanted)];
  const lines = [
    ...found.filter((line) => !right.has(line)).map((line) => `+ ${line}`),
    ...wanted.filter((line) => !left.has(line)).map((line) => `- ${line}`),
  ];
  if (lines.length > 0) throw new Ended({ verdict, why: lines.join('\n').slice(0, 600) });
};

interface Run {
  readonly version: string;
  readonly subject: ForeignCase;
  /** A database in the case's first state, and one in its last. */
  readonly started: string;
  readonly goal: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

const start = async (subject: ForeignCase, version: string, urls: readonly string[]): Promise<Run> => {
  const [started, goal] = urls as [string, string];
  await orEnd('server refuses the case', async () => {
    await execute(started, subject.from);
    await execute(goal, subject.goal);
  });
  const [before, after] = [await postgresqlDump(started), await postgresqlDump(goal)];
  return { version, subject, started, before, after, goal };
};

const plannedWay = async ({ subject, version }: Run) => {
  const [from, to] = [await dialect.parse([{ text: subject.from }]), await dialect.parse([{ text: subject.to }])];
  return { ...planned(version)(from.schema, to.schema), wanted: to.schema };
};

/** What planning against the live database still would do. */
const leftToDo = async (url: string, wanted: Schema): Promise<readonly string[]> => {
  const session = await driver.connect(url);
  try {
    return diff(await session.inspect({ owners: true }), wanted, dialect.diff).map((change) => JSON.stringify(change));
  } finally {
    await session.close();
  }
};

const texts = (statements: Statements): readonly string[] => statements.map(({ text }) => text);

/** The plan once more, on rows: columns that both states have, with the same type, keep their values. Rows that stop the plan are the plan's right. */
const lostRows = async ({ started, goal }: Run, there: Statements): Promise<readonly string[]> => {
  await seed(started);
  const [held, kept] = [await contents(started), await columnNames(goal)];
  try {
    await execute(started, ...texts(there));
  } catch {
    return [];
  }
  const now = await contents(started);
  return [...held]
    .filter(([column, digest]) => kept.has(column) && now.get(column) !== digest)
    .map(([column]) => column);
};

const thereAndBack = async (run: Run): Promise<Judgement> => {
  const { there, back, destructive, wanted } = await orEnd('refused', () => plannedWay(run));
  await orEnd('fails', () => execute(run.started, ...texts(there)));
  expectSame('differs', await postgresqlDump(run.started), run.after);
  const left = await leftToDo(run.started, wanted);
  if (left.length > 0) return { verdict: 'plans again', why: left.join('\n').slice(0, 600) };
  if (!back) return { verdict: 'reached, no way back as said', why: '' };
  await orEnd('fails on the way back', () => execute(run.started, ...texts(back)));
  expectSame('differs on the way back', await postgresqlDump(run.started), run.before);
  const lost = await lostRows(run, there);
  if (lost.length > 0)
    return { verdict: destructive ? 'reached, rows lost as said' : 'rows lost', why: lost.join(', ') };
  return { verdict: 'reached and back', why: '' };
};

/** Runs a case on real databases, there and back, with rows and without; the server's own words are the judge. */
export const judge = async (
  subject: ForeignCase,
  version: string,
  createDatabase: () => Promise<Scratch>,
): Promise<Judgement> => {
  if (subject.switched) return { verdict: 'asks for a switch', why: '' };
  const databases = [await createDatabase(), await createDatabase()];
  try {
    return await thereAndBack(
      await start(
        subject,
        version,
        databases.map(({ url }) => url),
      ),
    );
  } catch (error) {
    if (error instanceof Ended) return error.judgement;
    throw error;
  } finally {
    for (const { drop } of databases) await drop();
  }
};
