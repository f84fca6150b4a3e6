import { join } from 'node:path';
import { postgresqlDialect } from '@dsem/engine-postgresql';
import { postgresqlDriver } from '@dsem/engine-postgresql/driver';
import { digest, footprint, type Rename, type Schema, withOwnersNamed } from '@dsem/schema';
import {
  describeWithServer,
  goldenIn,
  linesIn,
  server,
  surviving,
  type TestDatabase,
  type TxtarCase,
  txtarCases,
  useRoles,
} from '@dsem/testkit';
import pg from 'pg';
import { plan } from './planner.js';
import type { Plan, Probe } from './plan.js';

const cases = txtarCases(join(__dirname, '..', '..', 'engines', 'postgresql', 'testdata', 'plan'));

const read = async (text: string): Promise<Schema> => (await postgresqlDialect.parse([{ text }])).schema;

interface Case {
  readonly from: Schema;
  readonly to: Schema;
  readonly renames: readonly Rename[];
}

const caseOf = async ({ files }: TxtarCase): Promise<Case> => ({
  from: await read(files['from.sql'] ?? ''),
  to: await read(files['to.sql'] ?? ''),
  renames: JSON.parse(files['renames.json'] ?? '[]') as Rename[],
});

const forward = ({ steps }: Plan): string =>
  steps
    .map(({ kind, statements, transactional, lock, cost }) => {
      const head = `-- ${kind}: ${lock.level}, blocks ${lock.blocks}, ${cost}${transactional ? '' : ', no transaction'}`;
      return [head, ...statements.map((statement) => `${statement};`)].join('\n');
    })
    .join('\n');

const backward = ({ steps }: Plan): string =>
  steps
    .toReversed()
    .map(({ reverse, reverseTransactional, irreversibleBecause }) => {
      if (reverse === null) return `-- irreversible: ${irreversibleBecause}`;
      return [
        ...(reverseTransactional ? [] : ['-- no transaction']),
        ...reverse.map((statement) => `${statement};`),
      ].join('\n');
    })
    .join('\n');

const lines = (text: string): string => (text === '' ? '' : `${text}\n`);

const hazards = ({ findings }: Plan): string =>
  findings.map(({ rule, severity, hazard, message }) => `${severity} ${rule} (${hazard}): ${message}`).join('\n');

const execute = async (client: pg.Client, statements: readonly string[], transactional: boolean): Promise<void> => {
  if (transactional) await client.query('BEGIN');
  for (const statement of statements) await client.query(statement);
  if (transactional) await client.query('COMMIT');
};

const inspect = async (url: string): Promise<Schema> => {
  const session = await postgresqlDriver.connect(url);
  try {
    return await session.inspect({ owners: true });
  } finally {
    await session.close();
  }
};

const held = (state: Schema, probe: Probe): Probe['objects'] => {
  const live = footprint(state);
  return Object.fromEntries(Object.keys(probe.objects).map((key) => [key, live.get(key) ?? null]));
};

const facts = (value: unknown, path = ''): readonly string[] => {
  if (typeof value !== 'object' || value === null) return [`${path} = ${JSON.stringify(value)}`];
  return Object.entries(value).flatMap(([key, one]: [string, unknown]) => {
    const named = typeof one === 'object' && one !== null && 'name' in one ? String(one.name) : key;
    return facts(one, `${path}/${Array.isArray(value) ? named : key}`);
  });
};

const same = (found: Schema, said: Schema): void => {
  const { from: live, to: wanted } = withOwnersNamed(found, said);
  if (digest(live) === digest(wanted)) return;
  expect([...facts(live)].sort()).toEqual([...facts(wanted)].sort());
  expect(digest(live)).toBe(digest(wanted));
};

const onServer = async (
  major: number,
  work: (database: TestDatabase, client: pg.Client) => Promise<void>,
): Promise<void> => {
  const database = await (await server('postgresql', { major })).createDatabase();
  const client = surviving(new pg.Client({ connectionString: database.url }));
  await client.connect();
  try {
    await work(database, client);
  } finally {
    await client.end();
    await database.drop();
  }
};

const holds = async (url: string, probe: Probe, probing: boolean): Promise<void> => {
  if (probing) expect(held(await inspect(url), probe)).toEqual(probe.objects);
};

const applyForward = async (made: Plan, url: string, client: pg.Client, probing: boolean): Promise<void> => {
  for (const step of made.steps) {
    await holds(url, step.precondition, probing);
    await execute(client, step.statements, step.transactional);
    await holds(url, step.postcondition, probing);
  }
};

const applyReverse = async (made: Plan, url: string, client: pg.Client, probing: boolean): Promise<void> => {
  for (const step of made.steps.toReversed()) {
    expect(step.irreversibleBecause).toBeUndefined();
    await execute(client, step.reverse ?? [], step.reverseTransactional);
    await holds(url, step.precondition, probing);
  }
};

const law = async (file: TxtarCase, major: number, style: 'online' | 'offline'): Promise<void> => {
  const { from, to, renames } = await caseOf(file);
  const made = plan({ dialect: postgresqlDialect, from, to, renames, style, version: String(major) });
  const probing = major === 18 && style === 'online';
  await onServer(major, async ({ url }, client) => {
    await client.query(file.files['from.sql'] ?? '');
    same(await inspect(url), from);
    if (file.files['rows.sql']) await client.query(file.files['rows.sql']);
    await applyForward(made, url, client, probing);
    const reached = await inspect(url);
    same(reached, to);
    expect(plan({ dialect: postgresqlDialect, from: reached, to }).steps).toEqual([]);
    if (file.files['reverse.sql']?.includes('-- irreversible')) return;
    await applyReverse(made, url, client, probing);
    same(await inspect(url), from);
  });
};

describe('plans for PostgreSQL', () => {
  it.each(cases)('$name has the accepted statements and hazards', async (file) => {
    const { from, to, renames } = await caseOf(file);
    const made = plan({ dialect: postgresqlDialect, from, to, renames });
    for (const [name, text] of Object.entries({
      'forward.sql': forward(made),
      'reverse.sql': backward(made),
      hazards: hazards(made),
    })) {
      expect(lines(text)).toBe(goldenIn(file.path, name, lines(text)));
    }
  });
});

const title = 'leads there, re-plans to nothing and leads back';

describeWithServer(
  'postgresql',
  'plans on PostgreSQL 18',
  () => {
    useRoles(18, linesIn(cases, 'roles'));
    it.each(cases)(`$name ${title}, each step as its probes say`, (file) => law(file, 18, 'online'));
    it.each(cases)(`$name ${title} in offline style`, (file) => law(file, 18, 'offline'));
  },
  18,
);

describeWithServer(
  'postgresql',
  'plans on PostgreSQL 13',
  () => {
    useRoles(13, linesIn(cases, 'roles'));
    const known = cases.filter(({ files }) => Number(files['since'] ?? 0) <= 13);
    it.each(known)(`$name ${title}`, (file) => law(file, 13, 'online'));
  },
  13,
);
