import type { Note, Spell, TableSize } from '@dsem/engine';
import type { EngineName, RenameHint, Schema } from '@dsem/schema';
import type { Io } from '../io.js';
import { usage } from '../problem.js';
import { settled } from './access.js';
import { addUp, type Definition, readDefinition } from './definition.js';
import { engineNamed, engineOfTexts, engineUnknown } from './engine.js';
import { isDefinition, readSources, type SourceFile } from './files.js';

/** A state of any origin, in normal form. */
export interface State {
  readonly engine: EngineName;
  readonly schema: Schema;
  /** What was understood and left out on purpose, to be told on standard error. */
  readonly notes: readonly Note[];
  /** Present where a server stands behind the state and can be asked how it spells expressions. */
  readonly spell?: Spell;
  /** What the state says of earlier names, for comparisons with one before it. */
  readonly renamedFrom?: readonly RenameHint[];
  /** How large its tables are, where it is live and somebody asked. */
  readonly sizes?: ReadonlyMap<string, TableSize>;
}

/** A state whose engine may still be open: another state, or an option, decides then. */
interface Found {
  readonly input: string;
  readonly engine?: EngineName;
  /** `asked` is called as soon as somebody else works on the answer. */
  readonly read: (engine: EngineName, asked: () => void) => Promise<Omit<State, 'engine'>>;
  /** Whether a server is asked for it. */
  readonly live?: true;
}

/** How states are found beside files; each is loaded only when an input asks for it. */
export interface StateOptions {
  readonly engine?: string;
  readonly endpoint?: string;
  readonly token?: string;
  readonly timeout?: number;
  /** Ask a live database how large its tables are. */
  readonly sizes?: true;
  /** Replay texts on a scratch database of this server, or on one started for it (`embedded`). */
  readonly via?: string;
  /** false: privileges are managed elsewhere; those of the first state stand in all of them. */
  readonly privileges?: boolean;
  /** false: owners are managed elsewhere; those of the first state stand in all of them. */
  readonly owners?: boolean;
}

const readTexts = async (
  engine: EngineName,
  sources: readonly SourceFile[],
  via: string | undefined,
): Promise<Omit<State, 'engine'>> =>
  via === undefined
    ? (await import('./texts.js')).readTexts(engine, sources)
    : (await import('./via.js')).replayed(engine, sources, via);

const readJson = async (engine: EngineName, definition: Definition): Promise<Omit<State, 'engine'>> => {
  const catalogue = await import('@dsem/catalogue');
  return catalogue.readDefinition(engine, definition);
};

const foundDefinition = (input: string, definition: Definition): Found => {
  const { schemaVersion: _, ...rest } = definition;
  const named = rest['engine'];
  return {
    input,
    ...(typeof named === 'string' && { engine: engineNamed(named) }),
    read: (engine) => readJson(engine, rest),
  };
};

/** What `inspect -o json` prints is accepted as well as the bare definition. */
const unwrapped = (definition: Definition): Definition => {
  const inner = definition['definition'];
  return typeof inner === 'object' && inner !== null && !Array.isArray(inner) && 'digest' in definition
    ? (inner as Definition)
    : definition;
};

const foundSources = async (input: string, sources: readonly SourceFile[], via?: string): Promise<Found> => {
  const definitions = sources.filter(isDefinition);
  if (definitions.length === 0) {
    const engine = engineOfTexts(sources);
    return { input, ...(engine !== undefined && { engine }), read: (asked) => readTexts(asked, sources, via) };
  }
  if (definitions.length < sources.length)
    throw usage(`${input} holds both canonical definitions and DDL.`, 'Keep the two in folders of their own.');
  return foundDefinition(input, addUp((await Promise.all(definitions.map(readDefinition))).map(unwrapped)));
};

const foundDatabase = (input: string, engine: EngineName, sizes: boolean): Found => ({
  input,
  engine,
  live: true,
  read: async (of, asked) => (await import('./live.js')).inspectLive(of, input, sizes, asked),
});

const foundEmpty: Found = {
  input: 'empty',
  read: async (engine) => ({ schema: (await import('@dsem/schema')).emptySchema(engine), notes: [] }),
};

const find = async (input: string, io: Io, options: StateOptions): Promise<Found> => {
  if (input === 'empty') return foundEmpty;
  if (/^(registry|env):/u.test(input)) {
    const { fetchDefinition } = await import('./remote.js');
    return foundDefinition(input, await fetchDefinition(input, options, io));
  }
  if (/^[a-z][a-z+]+:\/\//u.test(input)) {
    const { engineOfUrl } = await import('@dsem/catalogue/drivers');
    const engine = engineOfUrl(input);
    if (engine === undefined) throw usage(`No engine speaks ${input.slice(0, input.indexOf(':'))}: URLs.`);
    return foundDatabase(input, engine, options.sizes === true);
  }
  return foundSources(input, await readSources(input, io), options.via);
};

const decided = (found: readonly Found[], options: StateOptions): EngineName => {
  if (options.engine !== undefined) return engineNamed(options.engine);
  const known = found.find(({ engine }) => engine !== undefined)?.engine;
  if (known !== undefined) return known;
  const open = found.find(({ input }) => input !== 'empty') ?? foundEmpty;
  throw engineUnknown(open.input);
};

const nobody = (): void => undefined;

const readFound = async ({ engine: own, read }: Found, engine: EngineName, asked = nobody): Promise<State> => {
  if (own !== undefined && own !== engine) {
    const { EngineMismatch } = await import('@dsem/schema');
    throw new EngineMismatch(`One state is for ${own}, the other or --engine for ${engine}.`);
  }
  return { engine, ...(await read(engine, asked)) };
};

/** Asks databases first: reading a text keeps this process busy, and they work meanwhile. */
const readAll = async (found: readonly Found[], engine: EngineName): Promise<readonly State[]> => {
  const asked = found.map(() => Promise.withResolvers<void>());
  const live = found.map((one, at) =>
    one.live ? readFound(one, engine, asked[at]?.resolve).finally(asked[at]?.resolve) : undefined,
  );
  for (const one of live) one?.catch(nobody);
  const busy = Promise.all(asked.filter((_, at) => found[at]?.live).map(({ promise }) => promise));
  return Promise.all(
    found.map(async (one, at) => {
      await busy;
      return live[at] ?? readFound(one, engine);
    }),
  );
};

/** Expressions of the other states that the one live database reads as its own take its spelling. */
const inOneSpelling = async (states: readonly State[]): Promise<readonly State[]> => {
  const [live, ...more] = states.filter(({ spell }) => spell !== undefined);
  if (live?.spell === undefined || more.length > 0 || states.length === 1) return states;
  const { spell, schema } = live;
  const { reconcile } = await import('@dsem/engine');
  return Promise.all(
    states.map(async (state) =>
      state === live ? state : { ...state, schema: await reconcile(state.schema, schema, spell) },
    ),
  );
};

/**
 * Reads states that belong together; each that is certain about its engine decides for the others, and a live database
 * among them decides about spellings that no rule knows.
 * @throws CliProblem, Refusal
 */
export const readStates = async (
  inputs: readonly string[],
  io: Io,
  options: StateOptions,
): Promise<readonly State[]> => {
  if (inputs.filter((input) => input === '-').length > 1) throw usage('Only one state can come from standard input.');
  const found = await Promise.all(inputs.map((input) => find(input, io, options)));
  const engine = decided(found, options);
  const states = await inOneSpelling(await readAll(found, engine));
  return settled(states, options);
};

/** The states of a `batch` request: texts or definitions in the request itself. */
export const readGiven = async (engine: EngineName, given: unknown, name: string): Promise<State> => {
  if (typeof given === 'string') {
    const found = await foundSources(name, [{ file: name, text: given }]);
    return readFound(found, engine);
  }
  if (typeof given === 'object' && given !== null && !Array.isArray(given))
    return readFound(foundDefinition(name, given as Definition), engine);
  throw usage(`${name} must be a text or a definition.`, 'See `dsem help json-schemas`, BatchRequest.');
};
