import { type Session, StatementFailed } from '@dsem/engine';
import { driverFor } from '@dsem/catalogue/drivers';
import type { Plan } from '@dsem/plan';
import { describeWithServer, server, surviving, type TestDatabase } from '@dsem/testkit';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { samplePlan, type SampleStep } from '../testing/sample-plan.js';
import { applicationName } from './enter.js';
import { executePlan, type ExecutionRequest } from './execute.js';
import { type FailpointName, failpoints } from './failpoint.js';
import type { ExecutionProgress } from './outcome.js';

const before = `
CREATE TABLE public.users (id bigint PRIMARY KEY, email text);
INSERT INTO public.users SELECT n, 'user ' || n FROM generate_series(1, 100) AS n;`;

/** One of each sort: plain, outside a transaction, a helper that comes and goes, several statements at once. */
const samples: readonly SampleStep[] = [
  {
    object: 'public.users.age',
    statements: ['ALTER TABLE public.users ADD COLUMN age integer'],
    reverse: ['ALTER TABLE public.users DROP COLUMN age'],
  },
  {
    object: 'public.users.users_email_idx',
    statements: ['CREATE UNIQUE INDEX CONCURRENTLY users_email_idx ON public.users (email)'],
    reverse: ['DROP INDEX CONCURRENTLY public.users_email_idx'],
    transactional: false,
  },
  {
    object: 'public.users.helper',
    statements: ['ALTER TABLE public.users ADD CONSTRAINT helper CHECK (email IS NOT NULL) NOT VALID'],
    reverse: ['ALTER TABLE public.users DROP CONSTRAINT helper'],
  },
  {
    object: 'public.users.email',
    statements: ['ALTER TABLE public.users ALTER COLUMN email SET NOT NULL'],
    reverse: ['ALTER TABLE public.users ALTER COLUMN email DROP NOT NULL'],
  },
  {
    object: 'public.users.helper',
    statements: ['ALTER TABLE public.users DROP CONSTRAINT helper'],
    reverse: ['ALTER TABLE public.users ADD CONSTRAINT helper CHECK (email IS NOT NULL) NOT VALID'],
  },
  {
    object: 'public.orders',
    statements: [
      'CREATE TABLE public.orders (id bigint PRIMARY KEY, buyer bigint)',
      'ALTER TABLE public.orders ADD CONSTRAINT buyer FOREIGN KEY (buyer) REFERENCES public.users (id)',
    ],
    reverse: ['DROP TABLE public.orders'],
  },
];
const indexStep = 1;

/** The independent oracle: the server itself writes down each command that it commits. */
const ledger = `
CREATE SCHEMA dsem_control;
CREATE TABLE dsem_control.seen (at serial, command text, object text);
CREATE FUNCTION dsem_control.note() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO dsem_control.seen (command, object) SELECT command_tag, object_identity
  FROM pg_event_trigger_ddl_commands() WHERE schema_name IS DISTINCT FROM 'dsem_control'
    AND object_type IN ('table', 'index', 'table column');
END $$;
CREATE EVENT TRIGGER note ON ddl_command_end EXECUTE FUNCTION dsem_control.note();`;

const once = [
  'ALTER TABLE public.users',
  'ALTER TABLE public.users',
  'ALTER TABLE public.users',
  'ALTER TABLE public.users',
  'CREATE INDEX public.users_email_idx',
  'CREATE TABLE public.orders',
];

const deferred = (): { readonly promise: Promise<void>; readonly resolve: () => void } => Promise.withResolvers<void>();

describeWithServer('postgresql', 'executing a plan', () => {
  let plan: Plan;
  let database: TestDatabase;
  let admin: pg.Client;
  let events: ExecutionProgress[];

  const connectTo = async (url: string, name: string): Promise<Session> =>
    (await driverFor('postgresql')).connect(url, { applicationName: name });
  const connect = (name: string): Promise<Session> => connectTo(database.url, name);
  const clientOf = async (url: string): Promise<pg.Client> => {
    const client = surviving(new pg.Client({ connectionString: url, application_name: 'shop' }));
    await client.connect();
    return client;
  };

  beforeAll(async () => {
    const scratch = await (await server('postgresql')).createDatabase();
    const client = await clientOf(scratch.url);
    await client.query(before);
    await client.end();
    const session = await connectTo(scratch.url, 'scratch');
    plan = await samplePlan(session, samples);
    await session.close();
    await scratch.drop();
  });
  beforeEach(async () => {
    database = await (await server('postgresql')).createDatabase();
    admin = await clientOf(database.url);
    await admin.query(before + ledger);
    events = [];
  });
  afterEach(async () => {
    await admin.end();
    await database.drop();
  });

  const request = (change: Partial<ExecutionRequest> = {}): ExecutionRequest => ({
    plan,
    direction: 'forward',
    execution: 'execution-1',
    subject: 'shop',
    version: '2.0.0',
    holder: 'agent one',
    connect,
    onEvent: (event) => void events.push(event),
    limits: {
      lockWaitMs: 5000,
      orphanWaitMs: 300,
      blocked: { firstMs: 20, mostMs: 100, budgetMs: 3000 },
      reconnect: { firstMs: 20, mostMs: 200, budgetMs: 20_000 },
    },
    ...change,
  });
  const types = (): readonly string[] => events.map((event) => event.type);
  const seen = async (): Promise<readonly string[]> => {
    const { rows } = await admin.query<{ line: string }>(`
      SELECT command || ' ' || object AS line FROM dsem_control.seen
      WHERE object NOT LIKE '%_pkey' AND NOT (command = 'ALTER TABLE' AND object = 'public.orders') ORDER BY 1`);
    return rows.map((row) => row.line);
  };
  const liveDigest = async (): Promise<string> => {
    const { digest } = await import('@dsem/schema');
    const session = await connect('look');
    const schema = await session.inspect();
    await session.close();
    return digest(schema);
  };
  const expectAppliedOnce = async (): Promise<void> => {
    expect(await seen()).toEqual(once);
    expect(await liveDigest()).toBe(plan.to.digest);
    const { rows } = await admin.query('SELECT state FROM dsem_control.journal WHERE direction = $1', ['forward']);
    expect(rows).toEqual(plan.steps.map(() => ({ state: 'applied' })));
    const locks = await admin.query(`SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND database =
      (SELECT oid FROM pg_database WHERE datname = current_database())`);
    expect(locks.rows).toEqual([]);
  };

  it('tells each step, verifies the end state and records the revision', async () => {
    expect(await executePlan(request())).toMatchObject({
      status: 'completed',
      applied: 6,
      alreadyApplied: 0,
      digest: plan.to.digest,
    });
    expect(types()).toEqual([
      'PreflightPassed',
      ...plan.steps.flatMap(() => ['StepStarted', 'StepApplied']),
      'ExecutionCompleted',
    ]);
    expect(events[1]).toEqual({ type: 'StepStarted', step: 'step-1', index: 0, of: 6, object: 'public.users.age' });
    const session = await connect('look');
    expect(await session.currentRevision('shop')).toEqual({
      subject: 'shop',
      version: '2.0.0',
      digest: plan.to.digest,
      execution: 'execution-1',
    });
    await session.close();
    await expectAppliedOnce();
  });

  it('finds everything in effect when it is asked again, by the same and by another execution', async () => {
    await executePlan(request());
    expect(await executePlan(request())).toMatchObject({ status: 'completed', applied: 0, alreadyApplied: 6 });
    expect(await executePlan(request({ execution: 'execution-2' }))).toMatchObject({ status: 'completed', applied: 0 });
    await expect(seen()).resolves.toEqual(once);
  });

  it('goes back to the first state, and forward again', async () => {
    await executePlan(request());
    events = [];
    const back = await executePlan(request({ direction: 'reverse', version: '1.0.0', execution: 'execution-2' }));
    expect(back).toMatchObject({ status: 'completed', applied: 6, digest: plan.from.digest });
    expect(events.find((event) => event.type === 'StepStarted')).toMatchObject({ step: 'step-6', index: 0 });
    expect(await liveDigest()).toBe(plan.from.digest);
    expect(await executePlan(request({ execution: 'execution-3' }))).toMatchObject({ status: 'completed', applied: 6 });
  });

  it('takes back only what is in effect after a failure half-way', async () => {
    await admin.query('UPDATE public.users SET email = NULL WHERE id = 7');
    const stopped = await executePlan(request());
    expect(stopped).toMatchObject({
      status: 'failed',
      code: 'DATA',
      outcome: 'NOT_APPLIED',
      step: 'step-4',
      applied: 3,
    });
    const back = await executePlan(request({ direction: 'reverse', execution: 'execution-2' }));
    expect(back).toMatchObject({ status: 'completed', applied: 3, alreadyApplied: 3 });
    expect(await liveDigest()).toBe(plan.from.digest);
  });

  it('goes on where it stopped once the rows are mended', async () => {
    await admin.query('UPDATE public.users SET email = NULL WHERE id = 7');
    expect(await executePlan(request())).toMatchObject({ status: 'failed', code: 'DATA' });
    expect(types().slice(-2)).toEqual(['StepFailed', 'ExecutionFailed']);
    await admin.query(`UPDATE public.users SET email = 'mended' WHERE id = 7`);
    expect(await executePlan(request())).toMatchObject({ status: 'completed', applied: 3, alreadyApplied: 3 });
    await expectAppliedOnce();
  });

  it('refuses to go back over a step that has no way back, before anything is undone', async () => {
    await executePlan(request());
    const [first, ...rest] = plan.steps;
    const oneWay: Plan = {
      ...plan,
      steps: [{ ...first!, reverse: null, irreversibleBecause: 'rows are gone' }, ...rest],
    };
    const result = await executePlan(request({ plan: oneWay, direction: 'reverse', execution: 'execution-2' }));
    expect(result).toMatchObject({ status: 'failed', code: 'IRREVERSIBLE', outcome: 'NOT_APPLIED' });
    expect(result).toMatchObject({ cause: expect.stringContaining('public.users.age') as string });
    expect(await liveDigest()).toBe(plan.to.digest);
  });

  const strikes = failpoints.flatMap((name) => {
    const perStep = /probe|intent|execute|commit|verify/.test(name);
    return perStep ? [`${name}:1`, `${name}:2`, `${name}:6`] : [`${name}:1`];
  });

  const splitStrike = (strike: string): { readonly name: FailpointName; readonly pass: number } => {
    const at = strike.lastIndexOf(':');
    return { name: strike.slice(0, at) as FailpointName, pass: Number(strike.slice(at + 1)) };
  };

  it.each(strikes)('applies once when the connection is cut at %s', async (strike) => {
    const { name, pass } = splitStrike(strike);
    let passed = 0;
    const failpoint = async (at: FailpointName): Promise<void> => {
      passed += at === name ? 1 : 0;
      if (at !== name || passed !== pass) return;
      passed += 1;
      await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1', [
        applicationName('execution-1'),
      ]);
    };
    expect(await executePlan(request({ failpoint }))).toMatchObject({ status: 'completed', digest: plan.to.digest });
    expect(passed).toBeGreaterThanOrEqual(pass);
    await expectAppliedOnce();
  });

  const child = (failpoint: string): Promise<NodeJS.Signals | null> => {
    const folder = mkdtempSync(join(tmpdir(), 'dsem-execute-'));
    const file = join(folder, 'plan.json');
    writeFileSync(file, JSON.stringify(plan));
    const root = join(__dirname, '../../../..');
    const script = join(root, 'apps/environment-agent/testdata/execute-once.mjs');
    const flags = ['--conditions=@dsem/source', '--import', join(root, 'tools/typescript.mjs')];
    const env = { ...process.env, DSEM_FAILPOINT: failpoint };
    const running = spawn(process.execPath, [...flags, script, file, database.url, 'execution-1'], {
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    return new Promise((resolve) => {
      running.on('exit', (_code, signal) => {
        rmSync(folder, { recursive: true });
        resolve(signal);
      });
    });
  };

  it.each(strikes)('applies once when the process is killed at %s and another goes on', async (strike) => {
    const { name, pass } = splitStrike(strike);
    expect(await child(`${name}:kill:${pass}`)).toBe('SIGKILL');
    expect(await executePlan(request())).toMatchObject({ status: 'completed', digest: plan.to.digest });
    await expectAppliedOnce();
  });

  describe('with a transaction of the application in the way', () => {
    let blocker: pg.Client;
    beforeEach(async () => {
      blocker = await clientOf(database.url);
    });
    afterEach(() => blocker.end());

    it('retries behind a lock, names whom it waits for, and goes on when he leaves', async () => {
      await blocker.query('BEGIN; LOCK TABLE public.users IN ROW EXCLUSIVE MODE');
      const result = await executePlan(
        request({
          onEvent: async (event) => {
            events.push(event);
            if (event.type === 'StepBlocked') await blocker.query('COMMIT');
          },
        }),
      );
      expect(result).toMatchObject({ status: 'completed' });
      expect(events.find((event) => event.type === 'StepBlocked')).toMatchObject({
        step: 'step-1',
        blockers: [{ application: 'shop', relations: ['public.users'] }],
      });
      await expectAppliedOnce();
    });

    it('gives up when its patience is spent, with nothing changed and the blocker named', async () => {
      await blocker.query('BEGIN; LOCK TABLE public.users IN ROW EXCLUSIVE MODE');
      const result = await executePlan(request({ limits: { blocked: { firstMs: 10, mostMs: 10, budgetMs: 25 } } }));
      expect(result).toMatchObject({ status: 'failed', code: 'LOCK_TIMEOUT', outcome: 'NOT_APPLIED', applied: 0 });
      expect(result).toMatchObject({ cause: expect.stringContaining('(shop)') as string });
      expect(await liveDigest()).toBe(plan.from.digest);
      await blocker.query('COMMIT');
    });

    it('applies once when the connection is cut while the statement waits for its lock', async () => {
      await blocker.query('BEGIN; LOCK TABLE public.users IN ROW EXCLUSIVE MODE');
      let cuts = 0;
      const watch = async (): Promise<void> => {
        while (cuts < 2) {
          const { rowCount } = await admin.query(
            `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name = $1`,
            [applicationName('execution-1')],
          );
          cuts += rowCount ?? 0;
        }
        await blocker.query('COMMIT');
      };
      const [result] = await Promise.all([executePlan(request()), watch()]);
      expect(result).toMatchObject({ status: 'completed', applied: 6 });
      expect(types().filter((type) => type === 'StepUnknown').length).toBeGreaterThanOrEqual(1);
      await expectAppliedOnce();
    });

    it('ends a transaction of an earlier attempt that has lost its lock, before the first step', async () => {
      await blocker.query('/* dsem:execution-0:step-1:1 */ BEGIN; LOCK TABLE public.users IN ROW EXCLUSIVE MODE');
      expect(await executePlan(request({ supersedes: ['execution-0'] }))).toMatchObject({ status: 'completed' });
      expect(types().indexOf('OrphanFound')).toBeLessThan(types().indexOf('StepStarted'));
      expect(types()).toContain('OrphanFound');
      await expectAppliedOnce();
    });

    /** A session of an agent that is gone, still building the index, kept from ending by the blocker. */
    const abandonedBuild = async (): Promise<{ readonly ended: Promise<unknown> }> => {
      const step = plan.steps[indexStep]!;
      const orphan = await connect(applicationName('execution-1'));
      await orphan.prepareControl();
      await orphan.tryLock('dsem', 0);
      const epoch = await orphan.bumpEpoch('dsem', 'dead agent');
      const entry = { execution: 'execution-1', direction: 'forward', planHash: plan.hash, epoch } as const;
      const apply = (index: number): Promise<void> =>
        orphan.apply({
          tag: `dsem:execution-1:${plan.steps[index]!.id}:${epoch}`,
          transactional: plan.steps[index]!.transactional,
          statements: plan.steps[index]!.statements,
          timeouts: { lockMs: 60_000, statementMs: 60_000 },
          intent: { ...entry, step: plan.steps[index]!.id, state: 'intent' },
          record: { ...entry, step: plan.steps[index]!.id, state: 'applied' },
        });
      await apply(0);
      await blocker.query('BEGIN; INSERT INTO public.users VALUES (1000)');
      const ended = apply(indexStep).then(
        () => orphan.close(),
        () => orphan.close(),
      );
      while (
        (
          await admin.query(
            `SELECT 1 FROM pg_stat_activity WHERE query LIKE '%${step.id}%CONCURRENTLY%' AND state = 'active' AND wait_event_type = 'Lock'`,
          )
        ).rows.length === 0
      );
      return { ended };
    };

    it('waits for the statement of a dead agent, and finds its work done', async () => {
      const { ended } = await abandonedBuild();
      const running = executePlan(request({ limits: { orphanWaitMs: 20_000, lockWaitMs: 20_000 } }));
      await blocker.query('DELETE FROM public.users WHERE id = 1000; COMMIT');
      await ended;
      expect(await running).toMatchObject({ status: 'completed', alreadyApplied: 2 });
      expect(types()).not.toContain('OrphanFound');
      await expectAppliedOnce();
    });

    it('cancels the statement of a dead agent that does not end, clears the unfinished index, and builds it again', async () => {
      const { ended } = await abandonedBuild();
      const result = await executePlan(
        request({
          onEvent: async (event) => {
            events.push(event);
            if (event.type === 'OrphanFound') await blocker.query('ROLLBACK');
          },
        }),
      );
      await ended;
      expect(result).toMatchObject({ status: 'completed', digest: plan.to.digest });
      expect(types()).toContain('OrphanFound');
      expect(await liveDigest()).toBe(plan.to.digest);
    });
  });

  it('removes the unfinished index that its own failed build has left', async () => {
    await admin.query(`UPDATE public.users SET email = 'user 2' WHERE id = 1`);
    const failed = await executePlan(request());
    expect(failed).toMatchObject({ status: 'failed', code: 'DATA', outcome: 'PARTIAL', step: 'step-2' });
    await admin.query(`UPDATE public.users SET email = 'user 1' WHERE id = 1`);
    events = [];
    expect(await executePlan(request({ execution: 'execution-2' }))).toMatchObject({ status: 'completed' });
    expect(types()).toContain('DebrisRemoved');
    expect(await liveDigest()).toBe(plan.to.digest);
  });

  it('leaves an unfinished index alone that somebody else has begun', async () => {
    await admin.query('INSERT INTO public.users VALUES (1001, $1)', ['user 1']);
    const attempt = admin.query('CREATE UNIQUE INDEX CONCURRENTLY users_email_idx ON public.users (email)');
    await expect(attempt).rejects.toThrow();
    const result = await executePlan(request());
    expect(result).toMatchObject({ status: 'failed', code: 'PRECONDITION_DRIFT' });
    const { rows } = await admin.query(`SELECT 1 FROM pg_class WHERE relname = 'users_email_idx'`);
    expect(rows).toHaveLength(1);
  });

  it('leaves an unfinished index alone that somebody else begins while the plan runs', async () => {
    await admin.query(`UPDATE public.users SET email = 'user 2' WHERE id = 1`);
    let passed = 0;
    const failpoint = async (name: FailpointName): Promise<void> => {
      passed += name === 'agent.after-commit' ? 1 : 0;
      if (name !== 'agent.after-commit' || passed > 1) return;
      const attempt = admin.query('CREATE UNIQUE INDEX CONCURRENTLY users_email_idx ON public.users (email)');
      await expect(attempt).rejects.toThrow();
    };
    const result = await executePlan(request({ failpoint }));
    expect(result).toMatchObject({ code: 'PRECONDITION_DRIFT', outcome: 'PARTIAL', step: 'step-2' });
    const { rows } = await admin.query(`SELECT 1 FROM pg_class WHERE relname = 'users_email_idx'`);
    expect(rows).toHaveLength(1);
  });

  it('refuses a database that was changed by hand since the plan was made', async () => {
    await admin.query('CREATE TABLE public.surprise (id bigint)');
    const result = await executePlan(request());
    expect(result).toMatchObject({ status: 'failed', code: 'PRECONDITION_DRIFT', outcome: 'NOT_APPLIED', applied: 0 });
    expect(types()).not.toContain('StepStarted');
  });

  it('takes nothing back on a database that moved on since the plan was carried out', async () => {
    expect(await executePlan(request())).toMatchObject({ status: 'completed' });
    await admin.query('ALTER TABLE public.orders ADD COLUMN paid numeric; CREATE TABLE public.surprise (id bigint)');
    await admin.query('DROP INDEX public.users_email_idx');
    events = [];
    const result = await executePlan(request({ direction: 'reverse', execution: 'execution-2' }));
    expect(result).toMatchObject({ status: 'failed', code: 'PRECONDITION_DRIFT', outcome: 'NOT_APPLIED', applied: 0 });
    expect(types()).not.toContain('StepStarted');
    expect((await admin.query('SELECT paid FROM public.orders')).rows).toEqual([]);
  });

  it('refuses a changed database for a plan that went there and back before', async () => {
    expect(await executePlan(request())).toMatchObject({ status: 'completed' });
    const back = request({ direction: 'reverse', execution: 'execution-2', version: '1.0.0' });
    expect(await executePlan(back)).toMatchObject({ status: 'completed' });
    await admin.query('CREATE TABLE public.orders (other text)');
    events = [];
    const result = await executePlan(request({ execution: 'execution-3' }));
    expect(result).toMatchObject({ status: 'failed', code: 'PRECONDITION_DRIFT', outcome: 'NOT_APPLIED', applied: 0 });
    expect(types()).not.toContain('StepStarted');
  });

  it('stops before a step whose object was changed by hand meanwhile, with the difference', async () => {
    const failpoint = async (name: FailpointName): Promise<void> => {
      if (name === 'agent.after-orphans') return;
      if (name === 'agent.after-verify') await admin.query('CREATE TABLE IF NOT EXISTS public.orders (other text)');
    };
    const result = await executePlan(request({ failpoint }));
    expect(result).toMatchObject({ status: 'failed', code: 'PRECONDITION_DRIFT', outcome: 'PARTIAL', step: 'step-6' });
    expect(result).toMatchObject({ cause: expect.stringContaining('table public.orders') as string });
  });

  it('reports an end state that is not the target although every step is in effect', async () => {
    const failpoint = async (name: FailpointName): Promise<void> => {
      if (name === 'agent.after-orphans') await admin.query('SELECT 1');
      if (name === 'agent.after-probe') await admin.query('CREATE TABLE IF NOT EXISTS public.surprise (id bigint)');
    };
    const result = await executePlan(request({ failpoint }));
    expect(result).toMatchObject({ status: 'failed', code: 'END_STATE_DIFFERS', applied: 6 });
  });

  it('lets a newer agent take over a paused one, and stops the paused one when it wakes', async () => {
    const paused = deferred();
    const wake = deferred();
    let passed = 0;
    const old = executePlan(
      request({
        holder: 'paused agent',
        onEvent: () => undefined,
        failpoint: async (name) => {
          passed += name === 'agent.after-probe' ? 1 : 0;
          if (passed !== 3 || name !== 'agent.after-probe') return;
          paused.resolve();
          await wake.promise;
        },
      }),
    );
    await paused.promise;
    expect(await executePlan(request({ holder: 'new agent' }))).toMatchObject({
      status: 'completed',
      applied: 4,
      alreadyApplied: 2,
    });
    wake.resolve();
    expect(await old).toMatchObject({ status: 'failed', code: 'STALE_EPOCH' });
    await expectAppliedOnce();
  });

  it('does not push aside another migrator, and names it', async () => {
    const other = await connect('flyway');
    await other.tryLock('dsem', 0);
    const result = await executePlan(request({ limits: { lockWaitMs: 400, orphanWaitMs: 100 } }));
    expect(result).toMatchObject({ status: 'failed', code: 'LOCKED', outcome: 'NOT_APPLIED' });
    expect(result).toMatchObject({ cause: expect.stringContaining('(flyway)') as string });
    await other.close();
  });

  it('refuses a target that cannot be written before it creates anything there', async () => {
    await admin.query(
      `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on', current_database()); END $$`,
    );
    expect(await executePlan(request())).toMatchObject({
      status: 'failed',
      code: 'TARGET_NOT_WRITABLE',
      outcome: 'NOT_APPLIED',
    });
    expect(events[0]).toMatchObject({ type: 'PreflightFailed', code: 'TARGET_NOT_WRITABLE' });
  });

  it('refuses another plan under the name of an execution that has begun', async () => {
    await executePlan(request());
    const result = await executePlan(request({ plan: { ...plan, hash: 'another' } }));
    expect(result).toMatchObject({ status: 'failed', code: 'PLAN_MISMATCH' });
  });

  it('stops between two steps when it is asked to, and goes on later', async () => {
    const stop = new AbortController();
    const onEvent = (event: ExecutionProgress): void => {
      events.push(event);
      if (event.type === 'StepApplied' && event.index === 1) stop.abort();
    };
    expect(await executePlan(request({ onEvent, signal: stop.signal }))).toEqual({ status: 'aborted', applied: 2 });
    expect(types().at(-1)).toBe('ExecutionAborted');
    expect(await executePlan(request())).toMatchObject({ status: 'completed', applied: 4 });
    await expectAppliedOnce();
  });

  it('says unreachable, and not failed statements, when there is no server', async () => {
    const address = 'postgresql://nobody@127.0.0.1:1/none';
    const result = await executePlan(
      request({
        connect: (name) => connectTo(address, name),
        limits: { reconnect: { firstMs: 5, mostMs: 5, budgetMs: 12 } },
      }),
    );
    expect(result).toMatchObject({ status: 'failed', code: 'UNREACHABLE', outcome: 'NOT_APPLIED' });
  });

  it('says that the outcome is unknown when the server goes away in a step and does not come back', async () => {
    let gone = false;
    const result = await executePlan(
      request({
        limits: { reconnect: { firstMs: 5, mostMs: 5, budgetMs: 12 } },
        connect: (name) => (gone ? connectTo('postgresql://nobody@127.0.0.1:1/none', name) : connect(name)),
        failpoint: async (name) => {
          if (name !== 'agent.after-execute' || gone) return;
          gone = true;
          await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1', [
            applicationName('execution-1'),
          ]);
        },
      }),
    );
    expect(result).toMatchObject({ status: 'failed', code: 'UNREACHABLE', outcome: 'UNKNOWN', step: 'step-1' });
    expect(types()).toContain('StepUnknown');
  });
});

describeWithServer('postgresql', 'executing a plan on a server that crashes', () => {
  it('waits for the recovery and goes on, each step once', async () => {
    const own = await server('postgresql', { own: true });
    const driver = await driverFor('postgresql');
    const prepare = async (): Promise<TestDatabase> => {
      const made = await own.createDatabase();
      const client = surviving(new pg.Client({ connectionString: made.url }));
      await client.connect();
      await client.query(before);
      await client.end();
      return made;
    };
    const scratch = await prepare();
    const session = await driver.connect(scratch.url);
    const plan = await samplePlan(session, samples);
    await session.close();
    const target = await prepare();
    let crashes = 0;
    const result = await executePlan({
      plan,
      direction: 'forward',
      execution: 'execution-1',
      subject: 'shop',
      version: '2.0.0',
      holder: 'agent',
      connect: (applicationName) => driver.connect(target.url, { applicationName }),
      failpoint: async (name) => {
        if (!['agent.after-execute', 'agent.after-commit'].includes(name) || crashes === 3) return;
        crashes += 1;
        await own.stop('SIGKILL');
        void own.start();
      },
    });
    expect(result).toMatchObject({ status: 'completed', digest: plan.to.digest });
    expect(crashes).toBe(3);
    await own.stop();
  });

  it('knows a failed statement from a lost connection', () => {
    expect(new StatementFailed('gone', 'connection-lost', 0)).toMatchObject({
      code: 'DSEM-3002',
      kind: 'connection-lost',
    });
  });
});
