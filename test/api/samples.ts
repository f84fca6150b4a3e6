import type { Json, World } from './world.js';
import { eventually } from './world.js';

export const shop = 'CREATE TABLE orders (id bigint PRIMARY KEY, total numeric NOT NULL);';
export const shopWithNote = 'CREATE TABLE orders (id bigint PRIMARY KEY, total numeric NOT NULL, note text);';

/** Ids of things that exist in the seeded world. */
export interface Seeds {
  readonly migration: string;
  readonly plan: string;
  readonly digest: string;
  readonly key: string;
}

/** A body that each route would take, but for what it names. */
export const bodies: Readonly<Record<string, Json>> = {
  registerSchema: {
    name: 'fresh',
    database: 'postgresql',
    definition: shop,
    version: '1.0.0',
    reason: 'why',
    compatibility: 'backward',
    owner: 'team',
    description: 'text',
    labels: { tier: 'one' },
  },
  updateSchema: {
    definition: shopWithNote,
    version: '2.0.0',
    reason: 'why',
    compatibility: { backward: true, forward: true },
    owner: 'team',
    description: 'text',
    labels: { tier: 'two' },
  },
  declareConsumer: {
    name: 'reader',
    version: '1',
    schema: 'shop',
    reads: ['public.orders'],
    writes: ['public.orders.id'],
    environments: ['dev'],
    owner: 'team',
  },
  retireConsumer: { version: '1', reason: 'gone' },
  validateCompatibility: {
    database: 'postgresql',
    oldSchema: shop,
    newSchema: shopWithNote,
    compatibility: 'full',
  },
  preflight: { schema: 'shop', version: '1.0.0', environments: ['dev'] },
  createMigration: { schema: 'shop', version: '1.0.0', environments: ['dev'], style: 'online', reason: 'why' },
  replanMigration: {},
  approveMigration: { plans: [`sha256:${'0'.repeat(64)}`], comment: 'fine' },
  rejectMigration: { why: 'no' },
  executeMigration: { waves: [{ environments: ['dev'], parallel: 1, bakeSeconds: 0 }], onFailure: 'halt' },
  rollbackMigration: { environments: ['dev'], why: 'back', acceptDataLoss: true },
  cancelMigration: { why: 'no' },
  pauseMigration: { why: 'wait' },
  resumeMigration: {},
  retryTarget: { environment: 'dev' },
  resolveTarget: { environment: 'dev', as: 'applied', evidence: 'seen' },
  abandonTarget: { environment: 'dev', why: 'no' },
  addEnvironment: {
    name: 'fresh',
    type: 'development',
    database: 'postgresql',
    region: 'eu',
    labels: { tier: 'one' },
    policy: { approvals: 0 },
  },
  changeEnvironmentPolicy: { policy: { approvals: 1 }, reason: 'why' },
  syncEnvironment: { schema: 'shop', version: '1.0.0' },
  closeBreaker: { reason: 'mended' },
  issueKey: {
    name: 'fresh',
    kind: 'user',
    roles: ['developer'],
    scopes: ['schema:read'],
    environments: ['dev'],
    expiresInDays: 1,
  },
  discardDeadLetter: { reason: 'garbage' },
  replayParkedKey: { consumer: 'nothing', key: 'nothing', limit: 1 },
  rotateKey: { overlapMinutes: 1, expiresInDays: 1 },
};

/** One schema with two versions, two environments, a consumer and a migration that waits for its approval. */
export const seed = async ({ done, call }: World): Promise<Seeds> => {
  const schema = { name: 'shop', database: 'postgresql', definition: shop };
  const registered = await done(201, 'POST', '/api/v1/schemas', { body: schema });
  await done(201, 'POST', '/api/v1/environments', {
    body: { name: 'dev', type: 'development', database: 'postgresql' },
  });
  await done(201, 'POST', '/api/v1/environments', {
    body: { name: 'prod', type: 'production', database: 'postgresql' },
  });
  await done(201, 'POST', '/api/v1/consumers', { body: { name: 'billing', schema: 'shop', reads: ['public.orders'] } });
  const made = await done(201, 'POST', '/api/v1/migrations', { body: { schema: 'shop', environments: ['prod'] } });
  const migration = String(made['id']);
  const planned = await eventually('planning', async () => {
    const { body } = await call('GET', `/api/v1/migrations/${migration}`);
    return body['status'] === 'awaiting-approval' ? body : undefined;
  });
  const issued = await done(201, 'POST', '/api/v1/keys', { body: { name: 'spare', roles: ['developer'] } });
  const [plan] = planned['plans'] as { hash: string }[];
  const version = registered['version'] as { digest: string };
  return { migration, plan: plan?.hash ?? '', digest: version.digest, key: String(issued['id']) };
};

/** Waits until no service writes any more events. */
export const settled = async (world: World): Promise<void> => {
  let before = '';
  await eventually('silence', async () => {
    const now = JSON.stringify(await world.events());
    const same = now === before;
    before = now;
    if (same) return true;
    await new Promise((resolve) => setTimeout(resolve, 1000));
    return undefined;
  });
};
