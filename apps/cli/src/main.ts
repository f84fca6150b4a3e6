import { processIo, type Io } from './io.js';
import { exitCodes } from './exit-codes.js';
import { cleanUp } from './interrupt.js';
import { run } from './run.js';

/** Starts the program as a process: its streams, its exit code, and an orderly end on ctrl-C. */
export const main = async (argv: readonly string[], io: Io = processIo()): Promise<void> => {
  const interrupted = (): void => void cleanUp().finally(() => process.exit(exitCodes.interrupted.code));
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  process.exitCode = await run(argv, io);
};
