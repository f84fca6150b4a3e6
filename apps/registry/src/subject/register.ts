import { dialectFor, readDefinition, type DefinitionInput } from '@dsem/catalogue';
import { assess } from '@dsem/compat';
import { handleCommand, loadState, type CommandMetadata, type Handled } from '@dsem/event-store';
import { streams } from '@dsem/events';
import type { Note, ParsedState } from '@dsem/engine';
import { declaredRenames, openHints, type EngineName, type RenameHint, type Schema } from '@dsem/schema';
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

/** What a definition is beside the one before it. */
interface Compared {
  readonly bump: Bump;
  readonly because: readonly string[];
  readonly renamedFrom: readonly RenameHint[];
}

const first: Compared = { bump: 'minor', because: [], renamedFrom: [] };

const comparedWith = (from: Schema, to: Schema, hints: readonly RenameHint[]): Compared => {
  const renames = declaredRenames(from, to, hints);
  const report = assess({ dialect: dialectFor(to.engine), from: [from], to, mode: 'full', consumers: [], renames });
  const because = report.findings.map((finding) => `${finding.rule} ${finding.object}`).slice(0, 50);
  return { bump: report.semver, because, renamedFrom: openHints(from, to, hints) };
};

/** The newest definition before this one: content that is registered already is compared with what it followed. */
const definitionBefore = (registry: Registry, state: SubjectState, digest: string): Promise<Schema | undefined> => {
  const versions = state.versions.filter((version) => version.branch === branch);
  const before = versions.at(-1)?.digest === digest ? versions.at(-2) : versions.at(-1);
  return before === undefined ? Promise.resolve(undefined) : registry.definitions.get(before.digest);
};

const attempt = async (
  registry: Registry,
  registration: Registration,
  { schema: to, renamedFrom: hints = [] }: ParsedState,
  digest: string,
  metadata: CommandMetadata,
  ids: ((index: number) => string) | undefined,
): Promise<Handled<SubjectState>> => {
  const { store } = registry.service;
  const stream = streams.subject(registration.name);
  const { state } = await loadState(store, subject, stream);
  const newest = newestVersion(state, branch);
  const from = await definitionBefore(registry, state, digest);
  const { bump, because, renamedFrom } = from?.engine === to.engine ? comparedWith(from, to, hints) : first;
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
      renamedFrom,
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
  const read = await readDefinition(registration.engine, registration.definition);
  const digest = await registry.definitions.put(read.schema);
  for (let left = 3; ; left--) {
    try {
      return { ...(await attempt(registry, registration, read, digest, metadata, ids)), notes: read.notes };
    } catch (error) {
      if (!(error instanceof NewestVersionMoved) || left === 0) throw error;
    }
  }
};
