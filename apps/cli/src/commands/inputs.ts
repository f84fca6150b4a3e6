import type { Command } from 'commander';
import type { State } from '../state/read-state.js';

/** What the help of every verb with a STATE ends with. */
export const stateHelp = `
A STATE is a file (.sql .cql .js .json .yaml), a folder (its files in name order), - (standard input), empty,
a database URL, registry:<schema>[@<version>] or env:<environment>[/<schema>].`;

export interface EngineOptions {
  readonly engine?: string;
  readonly via?: string;
  readonly privileges?: boolean;
  readonly owners?: boolean;
}

/** `--engine` and the text about states. */
export const withStates = (command: Command): Command =>
  command
    .option('--engine <name>', 'postgresql, mysql, mongodb, cassandra, sqlserver or oracle; guessed when certain')
    .option('--via <url|embedded>', 'replay DDL on a scratch database there, and take what that holds')
    .option('--no-privileges', 'leave privileges (GRANT, REVOKE) as they are, and out of what is printed')
    .option('--no-owners', 'leave owners (OWNER TO) as they are, and out of what is printed')
    .addHelpText('after', stateHelp);

/** What was left out on purpose is said, not hidden. */
export const tellNotes = (states: readonly State[], tell: (line: string) => void): void => {
  for (const { message, location } of states.flatMap(({ notes }) => notes)) {
    const at = location === undefined ? '' : `${location.file ?? ''}:${location.line}:${location.column}: `;
    tell(`note: ${at}${message}`);
  }
};

/** A rename that nobody told of may hide behind what goes and comes. */
export const tellRenames = (likely: readonly string[], tell: (line: string) => void): void => {
  for (const advice of likely) tell(`note: ${advice}.`);
};

/** What `--mode` says in help. */
export const modeOptionText = 'none, backward, forward or full, with -transitive for all baselines';
