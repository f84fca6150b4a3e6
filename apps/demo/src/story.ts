import type { MigrationProgress, RouteOutput, Routes } from '@dsem/api';
import { verifyExport } from '@dsem/ledger';
import type { Plan } from '@dsem/plan';
import type { Standalone } from '@dsem/standalone';
import { SchemaEvolutionManager } from 'schema-evolution-sdk';
import { setTimeout as sleep } from 'node:timers/promises';
import { countRows, createDatabases, fillShop, liveDigest } from './databases.js';
import { shopV1, shopV2, shopV3 } from './schemas.js';
import { done, heading, line, progressPrinter, refused, short, showPlan, showReport } from './show.js';

type Registered = RouteOutput<Routes['registerSchema']>;
type Migration = RouteOutput<Routes['createMigration']>;

/** Who takes part: each with an API key of one's own. */
interface People {
  readonly administrator: SchemaEvolutionManager;
  /** Writes schemas and plans migrations. */
  readonly ada: SchemaEvolutionManager;
  /** Approves. */
  readonly grace: SchemaEvolutionManager;
}

const environments = ['development', 'staging', 'production'] as const;
const rows = 200_000;
const ended = new Set(['completed', 'halted', 'needs-decision', 'rolled-back', 'cancelled', 'paused']);

/** Thrown when a stage did not end as the story says. */
export class DemoFailed extends Error {}

const expect = (holds: boolean, what: string): void => {
  if (!holds) throw new DemoFailed(what);
};

const person = async (standalone: Standalone, manager: SchemaEvolutionManager, name: string, roles: string[]) => {
  const body = { name, roles: roles as ['developer'], kind: 'user' as const };
  const { secret } = await manager.client.call('issueKey', { body });
  return new SchemaEvolutionManager({ endpoint: standalone.url, apiKey: secret });
};

const peopleOf = async (standalone: Standalone, administratorKey: string): Promise<People> => {
  const administrator = new SchemaEvolutionManager({ endpoint: standalone.url, apiKey: administratorKey });
  return {
    administrator,
    ada: await person(standalone, administrator, 'ada', ['developer', 'operator', 'approver']),
    grace: await person(standalone, administrator, 'grace', ['approver']),
  };
};

const until = async <Value>(what: string, ask: () => Promise<Value | undefined>, seconds = 120): Promise<Value> => {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(100)) {
    const value = await ask();
    if (value !== undefined) return value;
  }
  throw new DemoFailed(`${what} did not happen within ${seconds} s`);
};

const prepare = async (standalone: Standalone, people: People): Promise<void> => {
  heading('Environments', 'three databases, one agent beside them; policies by type');
  await createDatabases(standalone.databaseUrl(), environments);
  for (const name of environments) {
    const body = { name, type: name, database: 'postgresql' as const };
    const { policy } = await people.administrator.client.call('addEnvironment', { body });
    const approvals = `${policy.approvals} approval(s)${policy.authorMayApprove ? '' : ', never by the author'}`;
    line(`${name.padEnd(12)} ${policy.validation} validation, ${approvals}`);
  }
  const served = environments.map((name) => ({ name, url: standalone.databaseUrl(name) }));
  await standalone.serve({ agent: 'local', environments: served.map((each) => ({ ...each, engine: 'postgresql' })) });
  await until('the first word of the agent', async () => {
    const all = environments.map((name) =>
      people.administrator.client.call('environmentHealth', { params: { id: name } }),
    );
    const known = (await Promise.all(all)).every(({ serverVersion }) => serverVersion !== undefined);
    return known || undefined;
  });
};

const register = async (people: People, definition: string, reason: string): Promise<Registered> => {
  const body = { name: 'shop', database: 'postgresql' as const, definition, reason };
  const registered = await people.ada.client.call('registerSchema', { body });
  const { version, digest, bumpedBecause } = registered.version;
  done(
    `shop ${version} (${short(digest)})${bumpedBecause.length > 0 ? `, because of ${bumpedBecause.join(', ')}` : ''}`,
  );
  return registered;
};

const assessed = async (people: People, version: string): Promise<void> => {
  const query = { schema: 'shop', version };
  const report = await until(
    'the assessment',
    async () => (await people.ada.client.call('listReports', { query })).items[0],
  );
  showReport(report);
};

const planned = async (people: People, version: string): Promise<Migration> => {
  const body = { schema: 'shop', version, environments: [...environments] };
  const created = await people.ada.client.call('createMigration', { body });
  const params = { id: created.id };
  return until('planning', async () => {
    const migration = await people.ada.client.call('getMigration', { params });
    return migration.status === 'draft' ? undefined : migration;
  });
};

const approve = async (people: People, migration: Migration): Promise<void> => {
  heading('Approve', 'the author may not; a second person approves exactly these plans');
  const params = { id: migration.id };
  const plans = migration.plans.map((plan) => plan.hash);
  await people.ada.client.call('approveMigration', { params, body: {} }).then(
    () => expect(false, 'the author was allowed to approve'),
    (error: Error) => refused(`ada: ${error.message}`),
  );
  const { status } = await people.grace.client.call('approveMigration', { params, body: { plans } });
  expect(status === 'approved', `the migration is ${status} after its approval`);
  done(`grace approved ${plans.map(short).join(', ')}`);
};

const follow = async (people: People, id: string, wanted: MigrationProgress['status']): Promise<void> => {
  const print = progressPrinter();
  const progress = await until('the rollout', async () => {
    const now = await people.ada.client.call('migrationStatus', { params: { id } });
    print(now);
    return ended.has(now.status) ? now : undefined;
  });
  expect(progress.status === wanted, `the migration is ${progress.status}: ${progress.cause ?? ''}`);
};

const rollOut = async (people: People, migration: Migration): Promise<void> => {
  heading('Roll out', 'wave by wave: development, staging, production; the agent executes next to the database');
  await people.ada.client.call('executeMigration', { params: { id: migration.id }, body: {} });
  await follow(people, migration.id, 'completed');
};

const verify = async (standalone: Standalone, wanted: Readonly<Record<string, string>>): Promise<void> => {
  heading('Verify', 'read each live catalogue anew and compare digests');
  for (const [name, digest] of Object.entries(wanted)) {
    const live = await liveDigest(standalone.databaseUrl(name));
    expect(live === digest, `${name} holds ${live}, not ${digest}`);
    done(`${name.padEnd(12)} ${short(live)}`);
  }
};

const everywhere = (digest: string): Record<string, string> =>
  Object.fromEntries(environments.map((name) => [name, digest]));

const firstVersion = async (standalone: Standalone, people: People): Promise<Registered> => {
  heading('Define and register', 'shop v1 as plain SQL');
  const v1 = await register(people, shopV1, 'the shop opens');
  heading('Plan', 'from empty databases to v1');
  const migration = await planned(people, v1.version.version);
  for (const plan of migration.plans) line(`${plan.steps} steps for ${plan.environments.join(', ')}`);
  await approve(people, migration);
  await rollOut(people, migration);
  await verify(standalone, everywhere(v1.version.digest));
  line(`production is filled with ${await fillShop(standalone.databaseUrl('production'), rows)} rows`);
  return v1;
};

const secondVersion = async (
  standalone: Standalone,
  people: People,
): Promise<{ v2: Registered; migration: Migration }> => {
  heading('Define and register', 'shop v2: a column, an index, a NOT NULL, a table, an enum value');
  const v2 = await register(people, shopV2, 'newsletter and shipments');
  heading('Assess', 'who breaks, judged against v1');
  await assessed(people, v2.version.version);
  heading('Plan', 'safe online forms, each step with its lock, its cost and its way back');
  const migration = await planned(people, v2.version.version);
  const hash = migration.plans[0]?.hash ?? '';
  showPlan((await people.ada.client.call('getPlan', { params: { hash } })) as unknown as Plan);
  await approve(people, migration);
  await rollOut(people, migration);
  await verify(standalone, everywhere(v2.version.digest));
  const kept = await countRows(standalone.databaseUrl('production'));
  expect(kept === rows, `production holds ${kept} rows`);
  done(`production still holds its ${kept} rows`);
  return { v2, migration };
};

const thirdVersion = async (people: People): Promise<void> => {
  heading('Protect consumers', 'billing declares what it reads; v3 drops that column');
  const reads = ['public.customers.email', 'public.orders.total'];
  await people.ada.client.call('declareConsumer', {
    body: { name: 'billing', version: '1.4.0', schema: 'shop', reads },
  });
  done(`billing 1.4.0 reads ${reads.join(', ')}`);
  const v3 = await register(people, shopV3, 'less personal data');
  await assessed(people, v3.version.version);
  const body = { schema: 'shop', version: v3.version.version, environments: [...environments] };
  const outcome = await people.ada.client.call('createMigration', { body }).then(
    async ({ id }) => {
      const migration = await until('the refusal', async () => {
        const now = await people.ada.client.call('getMigration', { params: { id } });
        return now.status === 'draft' ? undefined : now;
      });
      return migration.refusal?.why ?? '';
    },
    (error: Error) => error.message,
  );
  expect(outcome.includes('billing'), `v3 was not refused in billing's name: ${outcome}`);
  refused(outcome);
};

const rollBack = async (
  standalone: Standalone,
  people: People,
  migration: Migration,
  digests: { readonly v1: string; readonly v2: string },
): Promise<void> => {
  heading('Roll back', 'v2 on production only, by the same protocol');
  const body = { environments: ['production'], why: 'the demo shows the way back', acceptDataLoss: true };
  await people.ada.client.call('rollbackMigration', { params: { id: migration.id }, body });
  await follow(people, migration.id, 'rolled-back');
  await verify(standalone, { ...everywhere(digests.v2), production: digests.v1 });
  const kept = await countRows(standalone.databaseUrl('production'));
  expect(kept === rows, `production holds ${kept} rows after the rollback`);
  done(`production still holds its ${kept} rows`);
};

const audit = async (people: People): Promise<void> => {
  heading('Audit', 'every event of every service, hash-chained; verified offline');
  await sleep(500);
  const counts = new Map<string, number>();
  const names = new Map<string, string>();
  for await (const key of people.administrator.client.list('listKeys')) names.set(`key:${key.id}`, key.name);
  for await (const entry of people.administrator.client.list('listAuditEntries', { query: { limit: 200 } })) {
    counts.set(entry.event, (counts.get(entry.event) ?? 0) + 1);
    if (!entry.event.startsWith('Step'))
      line(
        `${String(entry.index).padStart(3)} ${entry.receivedAt.slice(11, 23)} ${entry.event.padEnd(22)} ${(names.get(entry.actor) ?? entry.actor).padEnd(20)} ${entry.stream}`,
      );
  }
  const steps = [...counts].filter(([event]) => event.startsWith('Step')).map(([event, n]) => `${n} ${event}`);
  line(`and ${steps.join(', ')}`);
  const text = await people.administrator.client.call('exportAudit', {});
  const verdict = await verifyExport(text.split('\n').filter((each) => each !== ''));
  expect(verdict.valid, `the export is not valid: ${JSON.stringify(verdict)}`);
  done(`export of ${verdict.entries} entries with ${verdict.checkpoints} signed checkpoint(s) verified offline`);
};

/** The product's main job from the first to the last stage. @throws DemoFailed */
export const tellStory = async (standalone: Standalone, administratorKey: string): Promise<void> => {
  const people = await peopleOf(standalone, administratorKey);
  await prepare(standalone, people);
  const v1 = await firstVersion(standalone, people);
  const { v2, migration } = await secondVersion(standalone, people);
  await thirdVersion(people);
  await rollBack(standalone, people, migration, { v1: v1.version.digest, v2: v2.version.digest });
  await audit(people);
};
