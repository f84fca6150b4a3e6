import type { Decider } from '@dsem/event-store';
import {
  compatibilitySet,
  subjectArchived,
  subjectCreated,
  subjectDescribed,
  versionRegistered,
  type SubjectEvent,
} from '@dsem/events';
import { canonicalJson, pathOf, Refusal, type EngineName, type RenameHint } from '@dsem/schema';
import { chooseVersion, type Bump } from './semver.js';

export type Mode = ReturnType<typeof compatibilitySet.of>['data']['compatibility'];

type Labels = Readonly<Record<string, string>>;

export interface RegisteredVersion {
  readonly number: number;
  readonly version: string;
  readonly branch: string;
  readonly digest: string;
  readonly renamedFrom?: readonly RenameHint[] | undefined;
}

export interface SubjectState {
  readonly exists: boolean;
  readonly archived: boolean;
  readonly name: string;
  readonly engine: EngineName | undefined;
  readonly compatibility: Mode;
  readonly owner?: string | undefined;
  readonly description?: string | undefined;
  readonly labels?: Labels | undefined;
  readonly versions: readonly RegisteredVersion[];
}

export interface RegisterVersion {
  readonly kind: 'register-version';
  readonly subject: string;
  readonly engine: EngineName;
  readonly branch: string;
  readonly digest: string;
  /** The newest digest the bump was computed against; undefined for a first version. */
  readonly computedAgainst: string | undefined;
  readonly bump: Bump;
  readonly because: readonly string[];
  /** What of the version before goes on under another name. */
  readonly renamedFrom: readonly RenameHint[];
  readonly declared?: string | undefined;
  readonly compatibility?: Mode | undefined;
  readonly owner?: string | undefined;
  readonly description?: string | undefined;
  readonly labels?: Labels | undefined;
  readonly source: string;
  readonly reason?: string | undefined;
}

export type SubjectCommand =
  | RegisterVersion
  | {
      readonly kind: 'describe';
      readonly compatibility?: Mode | undefined;
      readonly owner?: string | undefined;
      readonly description?: string | undefined;
      readonly labels?: Labels | undefined;
    }
  | {
      readonly kind: 'archive';
      /** What uses it, each as a person is told. */
      readonly neededBy: readonly string[];
      readonly reason?: string | undefined;
    };

/** Thrown when a command names a subject that does not exist or is archived. */
export class SubjectNotFound extends Refusal {
  readonly code = 'DSEM-4001';
  readonly title = 'No such schema';
  readonly fix = 'List the schemas with GET /api/v1/schemas and use one of their names.';
}

/** Thrown when a subject is to be archived that environments hold or live consumers use. */
export class SubjectInUse extends Refusal {
  readonly code = 'DSEM-4008';
  readonly title = 'Something still needs the schema';
  readonly fix = 'Roll the environments named back to nothing, or retire them; retire the consumers named.';
}

/** Thrown when a subject's next version is given for another engine. */
export class EngineFixed extends Refusal {
  readonly code = 'DSEM-2005';
  readonly title = 'The schema belongs to another engine';
  readonly fix = 'Register it under another name, or give the definition for the engine of the schema.';
}

/** Thrown when another version was registered between computing the diff and deciding; try again. */
export class NewestVersionMoved extends Refusal {
  readonly code = 'DSEM-4009';
  readonly title = 'Another version was registered at the same time';
  readonly fix = 'Look at the newest version and register again.';
}

/** Thrown when a version is registered already and did not say of a rename what is said now; versions never change. */
export class RenameNotTold extends Refusal {
  readonly code = 'DSEM-4015';
  readonly title = 'The version is registered without this rename';
  readonly fix =
    'Register the definition from before it once more, then this one with the rename: plans to the new version follow it.';
}

const main = 'main';
export const newestVersion = (state: SubjectState, branch = main): RegisteredVersion | undefined =>
  state.versions.findLast((version) => version.branch === branch);

const created = (command: RegisterVersion): SubjectEvent =>
  subjectCreated.of({
    subject: command.subject,
    engine: command.engine,
    compatibility: command.compatibility ?? 'backward',
    ...(command.owner === undefined ? {} : { owner: command.owner }),
    ...(command.description === undefined ? {} : { description: command.description }),
    ...(command.labels === undefined ? {} : { labels: command.labels }),
  });

const registered = (command: RegisterVersion, state: SubjectState): SubjectEvent => {
  const parent = newestVersion(state, command.branch);
  return versionRegistered.of({
    subject: command.subject,
    engine: command.engine,
    number: state.versions.length + 1,
    version: chooseVersion(parent?.version, command.bump, command.because, command.declared),
    branch: command.branch,
    digest: command.digest,
    ...(parent === undefined ? {} : { parent: { version: parent.version, digest: parent.digest } }),
    ancestors: state.versions.filter((v) => v.branch === command.branch).map((v) => v.digest),
    bump: command.bump,
    bumpedBecause: [...command.because],
    compatibility: command.compatibility ?? state.compatibility,
    source: command.source,
    ...(command.renamedFrom.length === 0 ? {} : { renamedFrom: [...command.renamedFrom] }),
    ...(command.reason === undefined ? {} : { reason: command.reason }),
  });
};

const modeChange = (command: RegisterVersion, state: SubjectState): readonly SubjectEvent[] =>
  command.compatibility === undefined || command.compatibility === state.compatibility
    ? []
    : [compatibilitySet.of({ subject: state.name, compatibility: command.compatibility })];

const refuseUntold = ({ subject: name, renamedFrom }: RegisterVersion, newest: RegisteredVersion): void => {
  const told = new Set((newest.renamedFrom ?? []).map((hint) => canonicalJson(hint)));
  const untold = renamedFrom.find((hint) => !told.has(canonicalJson(hint)));
  if (untold === undefined) return;
  const now = untold.column === undefined ? pathOf(untold.table) : pathOf(untold.table, untold.column);
  throw new RenameNotTold(`${name} ${newest.version} does not say that ${now} was ${untold.was.name}`);
};

const register = (command: RegisterVersion, state: SubjectState): readonly SubjectEvent[] => {
  if (state.archived) throw new SubjectNotFound(`schema ${command.subject} is archived`);
  if (!state.exists) return [created(command), registered(command, state)];
  if (state.engine !== command.engine)
    throw new EngineFixed(
      `${command.subject} is a ${state.engine ?? 'foreign'} schema, the definition is for ${command.engine}`,
    );
  const newest = newestVersion(state, command.branch);
  if (newest?.digest === command.digest) {
    refuseUntold(command, newest);
    return [...described(command, state), ...setCompatibility(command, state)];
  }
  if (newest?.digest !== command.computedAgainst)
    throw new NewestVersionMoved(`${command.subject} is at ${newest?.version ?? 'no version'} by now`);
  return [...described(command, state), ...modeChange(command, state), registered(command, state)];
};

const setCompatibility = (
  { compatibility }: Pick<RegisterVersion, 'compatibility'>,
  state: SubjectState,
): readonly SubjectEvent[] => {
  if (compatibility === undefined || compatibility === state.compatibility) return [];
  const newest = newestVersion(state);
  const ancestors = state.versions.filter((v) => v.branch === main && v !== newest).map((v) => v.digest);
  return [
    compatibilitySet.of({
      subject: state.name,
      compatibility,
      ...(newest === undefined ? {} : { newest: { version: newest.version, digest: newest.digest, ancestors } }),
    }),
  ];
};

const sameLabels = (a: Labels, b: Labels = {}): boolean => {
  const pairs = (labels: Labels): string => JSON.stringify(Object.entries(labels).sort(([x], [y]) => (x < y ? -1 : 1)));
  return pairs(a) === pairs(b);
};

const described = (
  { owner, description, labels }: Pick<RegisterVersion, 'owner' | 'description' | 'labels'>,
  state: SubjectState,
): readonly SubjectEvent[] => {
  const changed = {
    ...(owner === undefined || owner === state.owner ? {} : { owner }),
    ...(description === undefined || description === state.description ? {} : { description }),
    ...(labels === undefined || sameLabels(labels, state.labels) ? {} : { labels }),
  };
  return Object.keys(changed).length === 0 ? [] : [subjectDescribed.of({ subject: state.name, ...changed })];
};

const decide = (command: SubjectCommand, state: SubjectState): readonly SubjectEvent[] => {
  if (command.kind === 'register-version') return register(command, state);
  if (!state.exists || state.archived) throw new SubjectNotFound(`schema ${state.name || '(unnamed)'} does not exist`);
  switch (command.kind) {
    case 'describe':
      return [...described(command, state), ...setCompatibility(command, state)];
    case 'archive':
      if (command.neededBy.length > 0)
        throw new SubjectInUse(`${state.name} cannot be archived: ${command.neededBy.join('; ')}`);
      return [
        subjectArchived.of({
          subject: state.name,
          ...(command.reason === undefined ? {} : { reason: command.reason }),
        }),
      ];
    default:
      return command satisfies never;
  }
};

const evolve = (state: SubjectState, event: SubjectEvent): SubjectState => {
  switch (event.type) {
    case 'SubjectCreated': {
      const { subject, engine, compatibility, owner, description, labels } = event.data;
      return {
        ...state,
        exists: true,
        archived: false,
        name: subject,
        engine,
        compatibility,
        owner,
        description,
        labels,
      };
    }
    case 'VersionRegistered': {
      const { number, version, branch, digest, renamedFrom } = event.data;
      const told = renamedFrom === undefined ? {} : { renamedFrom };
      return { ...state, versions: [...state.versions, { number, version, branch, digest, ...told }] };
    }
    case 'CompatibilitySet':
      return { ...state, compatibility: event.data.compatibility };
    case 'SubjectDescribed': {
      const { owner = state.owner, description = state.description, labels = state.labels } = event.data;
      return { ...state, owner, description, labels };
    }
    case 'SubjectArchived':
      return { ...state, archived: true };
    default:
      return event satisfies never;
  }
};

/** One logical database's schema: its versions, its mode, its owner. */
export const subject: Decider<SubjectState, SubjectCommand, SubjectEvent> = {
  initialState: {
    exists: false,
    archived: false,
    name: '',
    engine: undefined,
    compatibility: 'backward',
    versions: [],
  },
  decide,
  evolve,
};
