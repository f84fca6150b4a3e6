import { setTimeout as sleep } from 'node:timers/promises';
import { ApiProblem, notFound, schemaSchema } from '@dsem/api';
import { handleCommand, loadState, type CommandMetadata } from '@dsem/event-store';
import { streams } from '@dsem/events';
import type { EngineName } from '@dsem/schema';
import type { Orchestrator } from '../orchestrator.context.js';
import { knownVersion, type KnownVersion } from './known.js';
import { migration, type MigrationState } from './migration.js';
import { environmentState, planMigration } from './planning.js';

/** What a migration is asked for with. */
export interface MigrationRequest {
  readonly schema: string;
  readonly version?: string | undefined;
  readonly environments: readonly string[];
  readonly style: 'online' | 'offline';
  readonly reason?: string | undefined;
}

/** Which version is the newest is the registry's to say: its word of one that was registered just now is on its way. */
const newestOf = async ({ registry }: Orchestrator, schema: string): Promise<string> => {
  const found = await registry.now(`/api/v1/schemas/${encodeURIComponent(schema)}`).catch((error: unknown) => {
    throw error instanceof ApiProblem && error.code === 'DSEM-4001' ? notFound('schema', schema) : error;
  });
  const { newest } = schemaSchema.parse(found);
  if (newest === undefined) throw notFound('version', schema);
  return newest.version;
};

/** Events of a version that was registered a moment ago are still on their way: wait for them briefly. */
const awaitVersion = async (orchestrator: Orchestrator, request: MigrationRequest): Promise<KnownVersion> => {
  const { schema } = request;
  const version = request.version ?? (await newestOf(orchestrator, schema));
  for (let left = 50; left > 0; left--) {
    const known = await knownVersion(orchestrator.service.pool, schema, version);
    if (known !== undefined) return known;
    await sleep(100);
  }
  if (request.version !== undefined) throw notFound('version', `${schema} ${version}`);
  throw new ApiProblem('DSEM-9002', `${schema} ${version} is registered, and the orchestrator has not heard of it yet`);
};

const checkEnvironments = async (
  orchestrator: Orchestrator,
  names: readonly string[],
  engine: string,
): Promise<void> => {
  const states = await Promise.all(names.map((name) => environmentState(orchestrator, name)));
  const foreign = states.find((state) => state.engine !== engine);
  if (foreign !== undefined)
    throw new ApiProblem(
      'DSEM-2005',
      `${foreign.name} is a ${foreign.engine ?? 'foreign'} environment, the schema is for ${engine}`,
    );
};

/**
 * Drafts a migration, whose id is the command's, so that a repeated command drafts one, and plans it if its version has been assessed; else the assessment's arrival plans it.
 * @throws ApiProblem, EnvironmentNotFound
 */
export const createMigration = async (
  orchestrator: Orchestrator,
  request: MigrationRequest,
  metadata: CommandMetadata,
): Promise<{ readonly state: MigrationState; readonly version: number }> => {
  const version = await awaitVersion(orchestrator, request);
  const environments = [...new Set(request.environments)];
  await checkEnvironments(orchestrator, environments, version.engine);
  const id = metadata.causationId;
  const draft = {
    migration: id,
    subject: version.schema,
    engine: version.engine as EngineName,
    version: version.version,
    digest: version.digest,
    environments,
    style: request.style,
    ...(request.reason === undefined ? {} : { reason: request.reason }),
  };
  const { store } = orchestrator.service;
  const stream = streams.migration(id);
  const drafted = await handleCommand(store, migration, stream, { kind: 'draft', draft }, { metadata });
  // Drafted by an earlier try, it may have been planned since, and approved: that stands.
  const now = drafted.repeated ? await loadState(store, migration, stream) : drafted;
  if (now.state.status !== 'draft') return now;
  return (await planMigration(orchestrator, id, metadata)) ?? drafted;
};
