import {
  applyChange,
  applyChanges,
  type Change,
  diff,
  digest,
  invert,
  type Schema,
  UnsupportedChange,
  withOwnersNamed,
} from '@dsem/schema';
import type { Dialect } from './dialect.js';
import type { Driver, JournalEntry, Session } from './driver.js';
import { StaleEpoch } from './errors.js';

/** One way from a state to another, both as definitions in the engine's language. */
export interface ConformanceCase {
  /** `<object>-<change>`, such as `column-add`. */
  readonly name: string;
  readonly from: string;
  readonly to: string;
  /** Part of the refusal when the engine cannot make the change; absent when it can. */
  readonly unsupported?: string;
  /** The same for the way back. */
  readonly irreversible?: string;
}

/** An engine with a real server to be proved on. */
export interface EngineUnderTest {
  readonly dialect: Dialect;
  readonly driver: Driver;
  /** The server's version, for rendering. */
  readonly version: string;
  readonly createDatabase: () => Promise<{ readonly url: string; readonly drop: () => Promise<void> }>;
  /** Runs a definition as a person would, without any code of the dialect. */
  readonly execute: (url: string, text: string) => Promise<void>;
  /** What the database says of its objects, told without any code of the dialect or driver. */
  readonly dump: (url: string) => Promise<readonly string[]>;
  /** The planner, where it is at hand: it knows the order; without it the changes run as `diff` lists them. */
  readonly plan?: (from: Schema, to: Schema) => Way;
}

/** The statements there and, where that is possible, back. */
export interface Way {
  readonly there: readonly Rendered[];
  readonly back: readonly Rendered[] | null;
}

export interface Rendered {
  readonly text: string;
  readonly transactional: boolean;
}

const noLimits = { lockMs: 10_000, statementMs: 60_000 };
const entry = (step: string, state: JournalEntry['state'], epoch = 0): JournalEntry => ({
  execution: 'conformance',
  step,
  direction: 'forward',
  state,
  planHash: 'none',
  epoch,
});

const runAll = async (session: Session, statements: readonly Rendered[]): Promise<void> => {
  await session.prepareControl();
  for (const [at, { text, transactional }] of statements.entries()) {
    const [intent, record] = [entry(`step ${at}`, 'intent'), entry(`step ${at}`, 'applied')];
    const tag = `dsem:conformance:${at}`;
    await session.apply({ tag, transactional, statements: [text], timeouts: noLimits, intent, record });
  }
};

const withSession = async (
  engine: EngineUnderTest,
  work: (session: Session, url: string) => Promise<void>,
): Promise<void> => {
  const database = await engine.createDatabase();
  const session = await engine.driver.connect(database.url);
  try {
    await work(session, database.url);
  } finally {
    await session.close();
    await database.drop();
  }
};

const renderAll = (
  { dialect, version }: EngineUnderTest,
  from: Schema,
  changes: readonly Change[],
): readonly Rendered[] => {
  let state = from;
  return changes.flatMap((change) => {
    const statements = dialect.render(change, { state, version, style: 'online' });
    state = applyChange(state, change);
    return statements;
  });
};

const build = (session: Session, dialect: Dialect, schema: Schema): Promise<void> =>
  runAll(
    session,
    dialect.print(schema).map((text) => ({ text, transactional: true })),
  );

const parsed = async ({ dialect }: EngineUnderTest, text: string): Promise<Schema> =>
  (await dialect.parse([{ text, file: 'case' }])).schema;

/** Digests say whether, the changes say where; of owners only what the definition says. */
const expectSame = ({ dialect }: EngineUnderTest, live: Schema, wanted: Schema): void => {
  const { from: found, to } = withOwnersNamed(live, wanted);
  expect(diff(to, found, dialect.diff)).toEqual([]);
  expect(digest(found)).toBe(digest(to));
};

const everything = (session: Session): Promise<Schema> => session.inspect({ owners: true });

/** What becomes of a definition that is run as it stands. */
interface Made {
  readonly dump: readonly string[];
  readonly found: Schema;
  readonly unmanaged: readonly string[];
}

const made = new WeakMap<EngineUnderTest, Map<string, Promise<Made>>>();

const make = async (engine: EngineUnderTest, text: string): Promise<Made> => {
  const database = await engine.createDatabase();
  try {
    await engine.execute(database.url, text);
    const dump = await engine.dump(database.url);
    const session = await engine.driver.connect(database.url);
    try {
      return { dump, found: await everything(session), unmanaged: session.unmanaged() };
    } finally {
      await session.close();
    }
  } finally {
    await database.drop();
  }
};

/** What the server itself makes of a definition; asked once per definition. */
const madeOf = (engine: EngineUnderTest, text: string): Promise<Made> => {
  const known = made.get(engine) ?? new Map<string, Promise<Made>>();
  made.set(engine, known);
  const result = known.get(text) ?? make(engine, text);
  known.set(text, result);
  return result;
};

const tellLaw = (engine: EngineUnderTest, each: ConformanceCase): void => {
  it('is told by the server as the state that the definition says', async () => {
    const { found, unmanaged } = await madeOf(engine, each.to);
    expect(unmanaged).toEqual([]);
    const { schema, notes } = await engine.dialect.parse([{ text: each.to }]);
    expect(notes).toEqual([]);
    expectSame(engine, found, schema);
  });
};

const printLaw = (engine: EngineUnderTest, each: ConformanceCase): void => {
  it('builds what is inspected as the same state', async () => {
    const wanted = await parsed(engine, each.to);
    await withSession(engine, async (session, url) => {
      await build(session, engine.dialect, wanted);
      expectSame(engine, await everything(session), wanted);
      expect(await engine.dump(url)).toEqual((await madeOf(engine, each.to)).dump);
    });
  });
};

const refusal = async (engine: EngineUnderTest, text: readonly [string, string], back: boolean): Promise<unknown> => {
  const [from, to] = [await parsed(engine, text[0]), await parsed(engine, text[1])];
  const changes = diff(from, to, engine.dialect.diff);
  const order = back ? changes.toReversed().map(invert) : changes;
  try {
    renderAll(engine, back ? to : from, order);
    if (!back) engine.plan?.(from, to);
    return undefined;
  } catch (error) {
    return error;
  }
};

const refusalLaw = (engine: EngineUnderTest, each: ConformanceCase, back: boolean, named: string): void => {
  it(`refuses the way ${back ? 'back' : 'there'} by name`, async () => {
    const error = await refusal(engine, [each.from, each.to], back);
    expect(error).toBeInstanceOf(UnsupportedChange);
    expect(String(error)).toContain(named);
  });
};

const plainWay = (engine: EngineUnderTest, each: ConformanceCase, from: Schema, to: Schema): Way => {
  const changes = diff(from, to, engine.dialect.diff);
  const there = renderAll(engine, from, changes);
  if (each.irreversible !== undefined) return { there, back: null };
  return { there, back: renderAll(engine, applyChanges(from, changes), changes.toReversed().map(invert)) };
};

const wayLaw = (engine: EngineUnderTest, each: ConformanceCase): void => {
  it('goes there and back on a real server, and has nothing left to do at either end', async () => {
    const [from, to] = [await parsed(engine, each.from), await parsed(engine, each.to)];
    const { dump: after } = await madeOf(engine, each.to);
    const way = engine.plan?.(from, to) ?? plainWay(engine, each, from, to);
    expect(way.back === null).toBe(each.irreversible !== undefined);
    await withSession(engine, async (session, url) => {
      await engine.execute(url, each.from);
      const before = await engine.dump(url);
      await runAll(session, way.there);
      expectSame(engine, await everything(session), to);
      expect(await engine.dump(url)).toEqual(after);
      if (way.back === null) return;
      await runAll(session, way.back);
      expectSame(engine, await everything(session), from);
      expect(await engine.dump(url)).toEqual(before);
    });
  });
};

/** What a dialect and its driver promise together, for every case on a real server. */
export const engineConformance = (title: string, cases: readonly ConformanceCase[], engine: EngineUnderTest): void => {
  describe(title, () => {
    describe.each(cases.map((each) => [each.name, each] as const))('%s', (_name, each) => {
      tellLaw(engine, each);
      printLaw(engine, each);
      if (each.unsupported !== undefined) return refusalLaw(engine, each, false, each.unsupported);
      wayLaw(engine, each);
      if (each.irreversible !== undefined) refusalLaw(engine, each, true, each.irreversible);
    });
  });
};

const lockLaw = (engine: Pick<EngineUnderTest, 'driver'>, url: () => string): void => {
  it('gives the lock to one session, and to the next one when that ends', async () => {
    const [first, second] = [await engine.driver.connect(url()), await engine.driver.connect(url())];
    expect(await first.tryLock('k', 0)).toBe(true);
    expect(await second.tryLock('k', 100)).toBe(false);
    expect(await second.lockHolders('k')).toHaveLength(1);
    await first.close();
    expect(await second.tryLock('k', 5000)).toBe(true);
    await second.close();
  });
};

const fenceLaw = (open: () => Promise<Session>): void => {
  it('raises the epoch with every holder, and refuses what an older one writes', async () => {
    const session = await open();
    const old = await session.bumpEpoch('k', 'old');
    const fresh = await session.bumpEpoch('k', 'fresh');
    expect(fresh).toBeGreaterThan(old);
    expect([await session.holdsEpoch('k', old), await session.holdsEpoch('k', fresh)]).toEqual([false, true]);
    await session.writeJournal(entry('s', 'applied', fresh));
    await expect(session.writeJournal(entry('s', 'failed', old))).rejects.toThrow(StaleEpoch);
    expect(await session.journal('conformance')).toEqual([entry('s', 'applied', fresh)]);
    await session.close();
  });
};

const memoryLaw = (open: () => Promise<Session>): void => {
  it('remembers journal and revision over sessions', async () => {
    const revision = { subject: 's', version: '1.0.0', digest: 'sha256:0', execution: 'conformance' };
    const session = await open();
    expect(await session.journal('conformance')).toEqual([]);
    expect(await session.currentRevision('s')).toBeUndefined();
    await session.writeJournal(entry('s', 'intent'));
    await session.recordRevision(revision);
    await session.close();
    const next = await open();
    expect(await next.journalOfPlan('none')).toEqual([entry('s', 'intent')]);
    expect(await next.currentRevision('s')).toEqual(revision);
    await next.close();
  });

  it('keeps its own tables out of the state', async () => {
    const session = await open();
    const { tables, namespaces } = await session.inspect();
    expect([tables, namespaces, session.unmanaged()]).toEqual([[], [], []]);
    await session.close();
  });
};

/** What every driver promises whatever the engine: lock, fence, journal, revision. */
export const driverConformance = (title: string, engine: Pick<EngineUnderTest, 'driver' | 'createDatabase'>): void => {
  describe(title, () => {
    let database: { readonly url: string; readonly drop: () => Promise<void> } | undefined;
    const url = (): string => database?.url ?? '';
    const open = async (): Promise<Session> => {
      const session = await engine.driver.connect(url());
      await session.prepareControl();
      return session;
    };
    beforeEach(async () => {
      database = await engine.createDatabase();
    });
    afterEach(() => database?.drop());
    lockLaw(engine, url);
    fenceLaw(open);
    memoryLaw(open);
  });
};
