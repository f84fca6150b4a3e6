import { processIo, type Io } from './io.js';
import { exitCodes } from './exit-codes.js';
import { run } from './run.js';

/** Starts the program as a process: its streams, its exit code, and an orderly end on ctrl-C. */
export const main = async (argv: readonly string[], io: Io = processIo()): Promise<void> => {
  process.once('SIGINT', () => process.exit(exitCodes.interrupted.code));
  process.exitCode = await run(argv, io);
};
