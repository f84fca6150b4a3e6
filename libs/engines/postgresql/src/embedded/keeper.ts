import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

/** A server process that is kept running. */
export interface Kept {
  readonly launch: () => ChildProcess;
  /** Resolves when it answers; rejects when it ended before that, or took too long. */
  readonly ready: (child: ChildProcess) => Promise<void>;
  /** What has to be away before the next one can start. */
  readonly clear: () => Promise<void>;
  readonly onEnded: (how: string) => void;
  readonly onLost: (error: Error) => void;
}

const tries = 5;
const firstPauseMs = 500;
/** A server that ran this long is healthy again: what ends it later gets all tries anew. */
const settledMs = 60_000;

const gone = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

/** Ends a server in order, after 8 s at once. */
const stopServer = async (child: ChildProcess): Promise<void> => {
  if (gone(child)) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGINT');
  const timer = setTimeout(() => child.kill('SIGQUIT'), 8000);
  await ended;
  clearTimeout(timer);
};

const howEnded = ({ exitCode, signalCode }: ChildProcess): string =>
  signalCode === null ? `with exit code ${exitCode ?? 'unknown'}` : `by ${signalCode}`;

interface Running {
  child: ChildProcess;
  stopping: boolean;
  /** Tries left before the server is given up. */
  left: number;
  restarting: Promise<void>;
}

const answering = (kept: Kept, child: ChildProcess): Promise<void> =>
  kept.ready(child).catch(async (error: unknown) => {
    await stopServer(child);
    throw error;
  });

const restart = async (kept: Kept, running: Running, lost: Error): Promise<void> => {
  let error = lost;
  while (!running.stopping && running.left-- > 0) {
    await sleep(firstPauseMs * 2 ** (tries - 1 - running.left));
    try {
      await kept.clear();
      if (running.stopping) return;
      running.child = kept.launch();
      await answering(kept, running.child);
      return watch(kept, running);
    } catch (again) {
      error = again instanceof Error ? again : new Error(String(again));
    }
  }
  if (!running.stopping) kept.onLost(error);
};

const watch = (kept: Kept, running: Running): void => {
  const { child } = running;
  const since = performance.now();
  const ended = (): void => {
    if (running.stopping) return;
    if (performance.now() - since > settledMs) running.left = tries;
    const how = howEnded(child);
    kept.onEnded(how);
    const lost = new Error(`the embedded PostgreSQL ended again and again, at last ${how}`);
    running.restarting = restart(kept, running, lost);
  };
  if (gone(child)) ended();
  else child.once('exit', ended);
};

/**
 * Starts the server, and again whenever it ends unasked: up to five times in a row, after half a second and then twice
 * as long each time, because what a killed server leaves behind may take that long to end.
 * Answers what ends it. @throws what `ready` rejects with at the first start
 */
export const keepRunning = async (kept: Kept): Promise<() => Promise<void>> => {
  const running: Running = {
    child: kept.launch(),
    stopping: false,
    left: tries,
    restarting: Promise.resolve(),
  };
  await answering(kept, running.child);
  watch(kept, running);
  return async () => {
    running.stopping = true;
    await stopServer(running.child);
    await running.restarting;
  };
};
