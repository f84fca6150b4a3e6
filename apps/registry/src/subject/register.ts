import { dialectFor, readDefinition, type DefinitionInput } from '@dsem/catalogue';
import { assess } from '@dsem/compat';
import { handleCommand, loadState, type CommandMetadata, type Handled } from '@dsem/event-store';
import { streams } from '@dsem/events';
import type { Note } from '@dsem/engine';
import type { EngineName, Schema } from '@dsem/schema';
import type { Registry } from '../registry.context.js';
import type { Bump } from './semver.js';
import { NewestVersionMoved, newestVersion, subject, type Mode, type SubjectState } from './subject.js';

/** A version to register, as the API and the public topic give it. */
export interface Registration {
  readonly name: string;
  readonly engine: EngineName;
  readonly definition: DefinitionInput;
  readonly declared?: string | undefined;
  readonly compatibility?: Mode | undefined;
  readonly owner?: string | undefined;
  readonly description?: string | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly reason?: string | undefined;
  /** The stream version the caller has seen (If-Match). */
  readonly expectedVersion?: number | undefined;
}

const branch = 'main';

const bumpFrom = (from: Schema, to: Schema): { bump: Bump; because: readonly string[] } => {
  const report = assess({ dialect: dialectFor(to.engine), from: [from], to, mode: 'full', consumers: [] });
  const because = report.findings.map((finding) => `${finding.rule} ${finding.object}`);
  return { bump: report.semver, because: because.length > 0 ? because.slice(0, 50) : [] };
};

const attempt = async (
  registry: Registry,
  registration: Registration,
  to: Schema,
  digest: string,
  metadata: CommandMetadata,
  ids: ((index: number) => string) | undefined,
): Promise<Handled<SubjectState>> => {
  const { store } = registry.service;
  const stream = streams.subject(registration.name);
  const newest = newestVersion((await loadState(store, subject, stream)).state, branch);
  const from = newest === undefined ? undefined : await registry.definitions.get(newest.digest);
  const { bump, because } = from?.engine === to.engine ? bumpFrom(from, to) : { bump: 'minor' as const, because: [] };
  const { name, engine, definition, declared, expectedVersion, ...about } = registration;
  return handleCommand(
    store,
    subject,
    stream,
    {
      kind: 'register-version',
      subject: name,
      engine,
      branch,
      digest,
      computedAgainst: newest?.digest,
      bump,
      because,
      declared,
      source: typeof definition === 'string' ? 'ddl' : 'model',
      ...about,
    },
    {
      metadata,
      ...(ids === undefined ? {} : { ids }),
      ...(expectedVersion === undefined ? {} : { expectedVersion }),
    },
  );
};

/** What a registration led to, and what of its definition was left out. */
export interface Registered extends Handled<SubjectState> {
  readonly notes: readonly Note[];
}

/**
 * Registers the next version of a subject, or recognises the one that is there.
 * @throws what `readDefinition` and the subject throw
 */
export const registerVersion = async (
  registry: Registry,
  registration: Registration,
  metadata: CommandMetadata,
  ids?: (index: number) => string,
): Promise<Registered> => {
  const { schema, notes } = await readDefinition(registration.engine, registration.definition);
  const digest = await registry.definitions.put(schema);
  for (let left = 3; ; left--) {
    try {
      return { ...(await attempt(registry, registration, schema, digest, metadata, ids)), notes };
    } catch (error) {
      if (!(error instanceof NewestVersionMoved) || left === 0) throw error;
    }
  }
};
