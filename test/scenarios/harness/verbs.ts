import type { MigrationProgress } from '@dsem/api';
import { SchemaEvolutionManager } from 'schema-evolution-sdk';
import { auditVerbs } from './audit-verbs.js';
import { databaseVerbs } from './database-verbs.js';
import { deadLetterVerbs } from './dead-letter-verbs.js';
import { endVerbs } from './end-verbs.js';
import { forgeryVerbs } from './forgery-verbs.js';
import { firstRow } from './databases.js';
import { processVerbs } from './process-verbs.js';
import type { Line } from './script.js';
import {
  as,
  environmentName,
  expectThat,
  fileOf,
  MigrationRefused,
  migrationOf,
  standing,
  StoryFailed,
  until,
  versionOf,
  type Stage,
} from './stage.js';

/** What one word of the script language does. */
export type Verb = (stage: Stage, words: readonly string[]) => Promise<void>;

const isJson = (word: string | undefined): word is string => word !== undefined && /^[{[]/u.test(word);

/** The words before a JSON value at the end of the line, and that value. */
const withJson = (words: readonly string[]): { readonly plain: readonly string[]; readonly json: object } => {
  const last = words.at(-1);
  return isJson(last) ? { plain: words.slice(0, -1), json: JSON.parse(last) as object } : { plain: words, json: {} };
};

const register = async (stage: Stage, file: string, version?: string) => {
  const body = {
    name: stage.story,
    database: 'postgresql' as const,
    definition: fileOf(stage, file),
    ...(version === undefined ? {} : { version }),
  };
  return as(stage, 'ada').call('registerSchema', { body });
};

/** Services hear of each other a moment later; what a story goes on with, its decider has to know. */
const untilRow = (stage: Stage, sql: string, wanted: string): Promise<boolean> =>
  until(sql, async () => ((await firstRow(stage.world.databaseUrl, sql)) === wanted ? true : undefined));

const schemaVerbs: Readonly<Record<string, Verb>> = {
  /** register FILE [VERSION] */
  register: async (stage, [file = '', version]) => {
    const registered = await register(stage, file, version);
    stage.versions.set(file, registered.version);
  },
  /** unchanged FILE LIKE: its registration answers with the version that LIKE is */
  unchanged: async (stage, [file = '', like = file]) => {
    const { created, version } = await register(stage, file);
    expectThat(!created, `${file} made version ${version.version}`);
    expectThat(version.number === versionOf(stage, like).number, `${file} is version ${version.version}`);
    stage.versions.set(file, version);
  },
  /** version FILE SEMVER */
  version: async (stage, [file = '', wanted = '']) => {
    const { version } = versionOf(stage, file);
    expectThat(version === wanted, `${file} is ${version}, not ${wanted}`);
    return Promise.resolve();
  },
  /** versions COUNT: so many versions are listed */
  versions: async (stage, [wanted = '']) => {
    const { items } = await as(stage, 'ada').call('listVersions', { params: { id: stage.story } });
    expectThat(items.length === Number(wanted), `${items.length} versions are listed`);
  },
  /** assessed FILE compatible|incompatible: waits until the validator says so and the orchestrator has heard it */
  assessed: async (stage, [file = '', verdict = '']) => {
    const { version } = versionOf(stage, file);
    const query = { schema: stage.story, version };
    const compatible = verdict === 'compatible';
    let last = 'nothing';
    await until(
      `${file} ${verdict}`,
      async () => {
        const report = (await as(stage, 'ada').call('listReports', { query })).items[0];
        last = JSON.stringify(report?.findings);
        return report?.compatible === compatible ? true : undefined;
      },
      () => last,
      20,
    );
    const heard = `SELECT body->'compatible' FROM orchestrator.assessments
      WHERE schema = '${stage.story}' AND version = '${version}'`;
    await untilRow(stage, heard, String(compatible));
  },
  /** declare CONSUMER PATH...: and waits until the validator has heard it */
  declare: async (stage, [consumer = '', ...reads]) => {
    const name = `${stage.story}-${consumer}`;
    const body = { name, version: '1', schema: stage.story, reads };
    await as(stage, 'ada').call('declareConsumer', { body });
    await untilRow(stage, `SELECT count(*) FROM validator.contracts WHERE consumer = '${name}'`, '1');
  },
  /** compatibility MODE */
  compatibility: async (stage, [mode = '']) => {
    const params = { id: stage.story };
    const { etag = '' } = await as(stage, 'administrator').request('getSchema', { params });
    const body = { compatibility: mode as 'none' };
    await as(stage, 'administrator').call('updateSchema', { params, body, ifMatch: etag });
  },
};

/** Gives somebody a key of the story's own. */
const enter = async (stage: Stage, person: string, role: 'approver' | 'operator'): Promise<void> => {
  const body = { name: `${stage.story}-${person}`, kind: 'user' as const, roles: [role] };
  const { secret, id } = await as(stage, 'administrator').call('issueKey', { body });
  const endpoint = stage.world.process('gateway').url;
  const manager = new SchemaEvolutionManager({ endpoint, apiKey: secret });
  stage.approvers.set(person, { key: id, manager });
};

const keyVerbs: Readonly<Record<string, Verb>> = {
  /** approver PERSON */
  approver: (stage, [person = '']) => enter(stage, person, 'approver'),
  /** operator PERSON */
  operator: (stage, [person = '']) => enter(stage, person, 'operator'),
  /** revoke PERSON: ends such a key, and waits until the orchestrator has heard it */
  revoke: async (stage, [person = '']) => {
    const key = stage.approvers.get(person)?.key ?? '';
    await as(stage, 'administrator').call('revokeKey', { params: { id: key } });
    const heard = `SELECT revoked IS NOT NULL FROM orchestrator.approver_keys WHERE id = '${key}'`;
    await untilRow(stage, heard, 'true');
  },
};

const environmentVerbs: Readonly<Record<string, Verb>> = {
  /** environments TYPE[-N]... [POLICY] */
  environments: async (stage, words) => {
    const { plain, json } = withJson(words);
    for (const name of plain) {
      const type = name.replace(/-\d+$/u, '') as 'development';
      const body = { name: environmentName(stage, name), type, database: 'postgresql' as const, policy: json };
      await as(stage, 'administrator').call('addEnvironment', { body });
    }
  },
  /** policy ENVIRONMENT [PERSON] POLICY */
  policy: async (stage, words) => {
    const { plain, json } = withJson(words);
    const [name = '', person = 'administrator'] = plain;
    const params = { id: environmentName(stage, name) };
    const { etag = '' } = await as(stage, person).request('getEnvironment', { params });
    const body = { policy: json, reason: 'the story asks for it' };
    await as(stage, person).call('changeEnvironmentPolicy', { params, body, ifMatch: etag });
  },
};

/** Waits until it is planned. @throws MigrationRefused */
const awaitPlan = async (stage: Stage, id: string): Promise<void> => {
  const migration = await until(`planning ${id}`, async () => {
    const now = await as(stage, 'ada').call('getMigration', { params: { id } });
    return now.status === 'draft' ? undefined : now;
  });
  if (migration.refusal !== undefined) throw new MigrationRefused(migration.refusal.code, migration.refusal.why);
};

interface Wave {
  readonly environments: readonly string[];
}

const ownWaves = (stage: Stage, { waves, ...rest }: { readonly waves?: readonly Wave[] }): object =>
  waves === undefined
    ? rest
    : {
        ...rest,
        waves: waves.map((wave) => ({
          ...wave,
          environments: wave.environments.map((name) => environmentName(stage, name)),
        })),
      };

/** What is left to be asked, in the order in which it is told; `nothing` where nothing is. */
const offersOf = ({ allowed }: MigrationProgress): string => (allowed.length === 0 ? 'nothing' : allowed.join(' '));

/** States that nothing but a person leaves. */
const resting: readonly MigrationProgress['status'][] = [
  'completed',
  'refused',
  'rejected',
  'cancelled',
  'halted',
  'rolled-back',
  'needs-decision',
];

const statusOf = (stage: Stage, name: string): Promise<MigrationProgress> =>
  as(stage, 'ada').call('migrationStatus', { params: { id: migrationOf(stage, name) } });

const awaitStatus: Verb = async (stage, [name = '', wanted = '']) => {
  let last = '';
  await until(
    `${name} ${wanted}`,
    async () => {
      const now = await statusOf(stage, name);
      last = standing(now);
      if (now.status === wanted) return now;
      if (resting.includes(now.status)) throw new StoryFailed(`${name} is ${last}`);
      return undefined;
    },
    () => last,
    90,
  );
};

const migrationVerbs: Readonly<Record<string, Verb>> = {
  /** plan MIGRATION FILE ENVIRONMENT... */
  plan: async (stage, [name = '', file = '', ...environments]) => {
    const own = environments.map((each) => environmentName(stage, each));
    const body = { schema: stage.story, version: versionOf(stage, file).version, environments: own };
    const { id } = await as(stage, 'ada').call('createMigration', { body });
    stage.migrations.set(name, id);
    await awaitPlan(stage, id);
  },
  /** newest MIGRATION ENVIRONMENT...: like `plan`, to the newest version, whichever that is */
  newest: async (stage, [name = '', ...environments]) => {
    const own = environments.map((each) => environmentName(stage, each));
    const { id } = await as(stage, 'ada').call('createMigration', { body: { schema: stage.story, environments: own } });
    stage.migrations.set(name, id);
    await awaitPlan(stage, id);
  },
  /** leads MIGRATION FILE: to that version */
  leads: async (stage, [name = '', file = '']) => {
    const { version } = await as(stage, 'ada').call('getMigration', { params: { id: migrationOf(stage, name) } });
    expectThat(version === versionOf(stage, file).version, `${name} leads to ${version}`);
  },
  /** approve MIGRATION [PERSON] */
  approve: async (stage, [name = '', person = 'grace']) => {
    const params = { id: migrationOf(stage, name) };
    const { plans } = await as(stage, person).call('getMigration', { params });
    await as(stage, person).call('approveMigration', { params, body: { plans: plans.map((plan) => plan.hash) } });
  },
  /** execute MIGRATION [{"waves": [...], "onFailure": ...}] */
  execute: async (stage, words) => {
    const { plain, json } = withJson(words);
    const body = ownWaves(stage, json);
    await as(stage, 'ada').call('executeMigration', { params: { id: migrationOf(stage, plain[0] ?? '') }, body });
  },
  /** rollback MIGRATION [accepting] [ENVIRONMENT...] */
  rollback: async (stage, [name = '', ...words]) => {
    const acceptDataLoss = words[0] === 'accepting';
    const own = words.slice(acceptDataLoss ? 1 : 0).map((each) => environmentName(stage, each));
    const body = { acceptDataLoss, ...(own.length === 0 ? {} : { environments: own }) };
    await as(stage, 'ada').call('rollbackMigration', { params: { id: migrationOf(stage, name) }, body });
  },
  /** cancel MIGRATION */
  cancel: async (stage, [name = '']) => {
    await as(stage, 'ada').call('cancelMigration', { params: { id: migrationOf(stage, name) }, body: {} });
  },
  /** pause MIGRATION */
  pause: async (stage, [name = '']) => {
    await as(stage, 'ada').call('pauseMigration', { params: { id: migrationOf(stage, name) }, body: {} });
  },
  /** resume MIGRATION */
  resume: async (stage, [name = '']) => {
    await as(stage, 'ada').call('resumeMigration', { params: { id: migrationOf(stage, name) }, body: {} });
  },
  /** resolve MIGRATION ENVIRONMENT applied|not-applied: by the word of somebody who looked */
  resolve: async (stage, [name = '', environment = '', word = '']) => {
    const own = environmentName(stage, environment);
    const body = { environment: own, as: word as 'applied', evidence: 'the story looked' };
    await as(stage, 'ada').call('resolveTarget', { params: { id: migrationOf(stage, name) }, body });
  },
  /** revision ENVIRONMENT FILE|nothing: what the product takes it to hold */
  revision: async (stage, [name = '', file = '']) => {
    const { revisions } = await as(stage, 'ada').call('getEnvironment', {
      params: { id: environmentName(stage, name) },
    });
    const held = revisions.find(({ schema }) => schema === stage.story)?.version ?? 'nothing';
    const wanted = file === 'nothing' ? 'nothing' : versionOf(stage, file).version;
    expectThat(held === wanted, `${name} is taken to hold ${held}`);
  },
  /** status MIGRATION STATUS: waits for it; another state of rest fails */
  status: awaitStatus,
  /** offers MIGRATION WAY...|nothing: exactly that may be asked next */
  offers: async (stage, [name = '', ...ways]) => {
    const offers = offersOf(await statusOf(stage, name));
    expectThat(offers === ways.join(' '), `${name} offers ${offers}`);
  },
  /** problem MIGRATION ENVIRONMENT "TEXT"|none: what is told to stand in the way there */
  problem: async (stage, [name = '', environment = '', text = '']) => {
    const { targets } = await statusOf(stage, name);
    const own = environmentName(stage, environment);
    const { problem = 'none' } = targets.find((target) => target.environment === own) ?? {};
    expectThat(problem.includes(text), `${environment} has the problem: ${problem}`);
  },
  /** above MIGRATION ENVIRONMENT NEWER...|nothing: what has to be taken back before it, newest first */
  above: async (stage, [name = '', environment = '', ...newer]) => {
    const { targets } = await statusOf(stage, name);
    const own = environmentName(stage, environment);
    const found = targets.find((target) => target.environment === own)?.above ?? [];
    const wanted = newer[0] === 'nothing' ? [] : newer.map((each) => migrationOf(stage, each));
    const ids = found.map(({ migration }) => migration).join(' ');
    expectThat(ids === wanted.join(' '), `above ${name} stands ${ids}`);
  },
  /** target MIGRATION ENVIRONMENT STATUS: waits for it */
  target: async (stage, [name = '', environment = '', wanted = '']) => {
    let last = '';
    await until(
      `${environment} ${wanted}`,
      async () => {
        const now = await statusOf(stage, name);
        last = standing(now);
        const own = environmentName(stage, environment);
        return now.targets.find((target) => target.environment === own && target.status === wanted);
      },
      () => last,
    );
  },
};

const verbs: Readonly<Record<string, Verb>> = {
  ...schemaVerbs,
  ...keyVerbs,
  ...environmentVerbs,
  ...migrationVerbs,
  ...databaseVerbs,
  ...processVerbs,
  ...auditVerbs,
  ...deadLetterVerbs,
  ...forgeryVerbs,
  ...endVerbs,
  /** because "TEXT": the last refusal says so */
  because: async (stage, [text = '']) => {
    expectThat(stage.refusal.includes(text), `the refusal says: ${stage.refusal}`);
    return Promise.resolve();
  },
};

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error ? String(error.code) : undefined;

const play = async (stage: Stage, { verb, words }: Pick<Line, 'verb' | 'words'>): Promise<void> => {
  const known = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
  if (known === undefined) throw new StoryFailed(`no verb is called ${verb}`);
  await known(stage, words);
};

/** refused CODE VERB WORD...: the rest of the line is refused with that code */
const playRefused = async (stage: Stage, [code = '', verb = '', ...words]: readonly string[]): Promise<void> => {
  try {
    await play(stage, { verb, words });
  } catch (error) {
    if (codeOf(error) !== code) throw error;
    stage.refusal = error instanceof Error ? error.message : '';
    return;
  }
  throw new StoryFailed(`${verb} was not refused`);
};

/** Plays one line. @throws StoryFailed, SdkError, with the line in front */
export const playLine = async (stage: Stage, line: Line): Promise<void> => {
  try {
    await (line.verb === 'refused' ? playRefused(stage, line.words) : play(stage, line));
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    throw new StoryFailed(`line ${line.number}, ${line.text}: ${what}`, { cause: error });
  }
};
