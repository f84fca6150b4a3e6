import type { MigrationProgress, RouteOutput, Routes } from '@dsem/api';
import type { ApiClient, SchemaEvolutionManager } from 'schema-evolution-sdk';
import { setTimeout as sleep } from 'node:timers/promises';
import type { World } from './world.js';

type Registered = RouteOutput<Routes['registerSchema']>['version'];

/** Thrown when a story does not go as it is told. */
export class StoryFailed extends Error {}

/** A migration that was refused after it had been drafted, with the code its creation would have been refused with. */
export class MigrationRefused extends Error {
  constructor(
    readonly code: string,
    why: string,
  ) {
    super(why);
  }
}

/** What one story works with; names in its script are its own. */
export interface Stage {
  readonly world: World;
  /** Also the name of its schema. */
  readonly story: string;
  readonly files: Readonly<Record<string, string>>;
  readonly versions: Map<string, Registered>;
  readonly migrations: Map<string, string>;
  /** Approvers of this story alone, by name: their keys may end. */
  readonly approvers: Map<string, { readonly key: string; readonly manager: SchemaEvolutionManager }>;
  /** Releases what the story holds, by name. */
  readonly held: Map<string, () => Promise<void>>;
  /** The message of the last refusal. */
  refusal: string;
}

/** The stage of one story, before its first line. */
export const stageOf = (world: World, story: string, files: Readonly<Record<string, string>>): Stage => ({
  world,
  story,
  files,
  versions: new Map(),
  migrations: new Map(),
  approvers: new Map(),
  held: new Map(),
  refusal: '',
});

/** The product's name of an environment of the story. */
export const environmentName = ({ story }: Pick<Stage, 'story'>, name: string): string => `${story}-${name}`;

/** The interface as somebody of the story reaches it. */
export const as = ({ world, approvers }: Stage, person: string): ApiClient => {
  const approver = approvers.get(person);
  if (approver !== undefined) return approver.manager.client;
  if (person === 'ada' || person === 'grace' || person === 'administrator') return world.people[person].client;
  throw new StoryFailed(`nobody is called ${person}`);
};

const known = <Value>(map: ReadonlyMap<string, Value>, name: string, what: string): Value => {
  const value = map.get(name);
  if (value === undefined) throw new StoryFailed(`no ${what} is called ${name}`);
  return value;
};

/** A file of the story. @throws StoryFailed */
export const fileOf = ({ files }: Stage, name: string): string => known(new Map(Object.entries(files)), name, 'file');

/** The version that a file was registered as. @throws StoryFailed */
export const versionOf = ({ versions }: Stage, file: string): Registered => known(versions, file, 'registered file');

/** The id of a migration of the story. @throws StoryFailed */
export const migrationOf = ({ migrations }: Stage, name: string): string => known(migrations, name, 'migration');

/** Fails the story unless it holds. */
export const expectThat = (holds: boolean, otherwise: string): void => {
  if (!holds) throw new StoryFailed(otherwise);
};

/** Asks until there is an answer; `last` is told when there is none in time. */
export const until = async <Value>(
  what: string,
  ask: () => Promise<Value | undefined>,
  last: () => string = () => '',
  seconds = 60,
): Promise<Value> => {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(100)) {
    const value = await ask();
    if (value !== undefined) return value;
  }
  throw new StoryFailed(`${what} did not happen within ${seconds} s. ${last()}`);
};

/** How a migration stands, in one line. */
export const standing = ({ status, cause, targets }: MigrationProgress): string =>
  [
    status,
    ...(cause === undefined ? [] : [`because ${cause}`]),
    ...targets.map((each) => `${each.environment}: ${each.status} ${each.direction} attempt ${each.attempt}`),
  ].join('; ');
