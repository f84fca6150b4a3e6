import type { Command } from 'commander';
import type { Exit } from './exit-codes.js';
import type { Io } from './io.js';
import { emit, type Format, type Result } from './output/emit.js';

/** Options that every verb takes, before or behind its name. */
export interface Globals {
  readonly output: Format;
  readonly outputFile?: string;
  readonly color: boolean;
  readonly quiet?: true;
  readonly verbose?: true;
  readonly yes?: true;
  readonly input: boolean;
  readonly endpoint?: string;
  readonly token?: string;
  /** Seconds one call of a server may take. */
  readonly timeout?: number;
}

/** What a verb's action gets beside its own arguments. */
export interface Call<Options> {
  readonly io: Io;
  readonly options: Options & Globals;
  /** A line for people on standard error; not with --quiet. */
  readonly tell: (line: string) => void;
}

/** What the program remembers of a run. */
export interface Run {
  readonly io: Io;
  exit: Exit;
}

/** A verb writes its own output when it returns nothing (streams). */
type Work<Options, Args extends readonly unknown[]> = (
  call: Call<Options>,
  ...args: Args
) => Promise<Result | Exit> | Result | Exit;

/** Turns a verb's work into a commander action: output, exit code and quiet are handled once. */
export const action =
  <Options extends object, Args extends readonly unknown[] = readonly []>(run: Run, work: Work<Options, Args>) =>
  async (...given: unknown[]): Promise<void> => {
    const command = given.at(-1) as Command;
    const args = given.slice(0, -2) as unknown as Args;
    const options = command.optsWithGlobals<Options & Globals>();
    const tell = (line: string): void => {
      if (options.quiet !== true) run.io.stderr.write(`${line}\n`);
    };
    const result = await work({ io: run.io, options, tell }, ...args);
    if (typeof result === 'string') {
      run.exit = result;
      return;
    }
    await emit(result, options, run.io);
    run.exit = result.exit ?? 'fine';
  };

/** One file in commands/: says its arguments and does its work. */
export type Verb = (command: Command, run: Run) => void;
