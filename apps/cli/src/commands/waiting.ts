import type { MigrationProgress } from '@dsem/api';
import type { Call } from '../context.js';
import type { Exit } from '../exit-codes.js';
import { progressText, targetLine } from '../human/migration.js';
import type { Result } from '../output/emit.js';
import { paint, wantsColor } from '../output/paint.js';

/** Options of verbs that start something which goes on by itself. */
export interface WaitFlags {
  readonly wait?: boolean;
  /** Seconds. */
  readonly waitTimeout: number;
}

const exitOf = (wanted: MigrationProgress['status'], { status }: MigrationProgress): Exit =>
  status === wanted ? 'fine' : 'refused';

/** Tells each environment's news once, as a line on standard error; with the time where nobody looks on. */
const reporter = ({ io, options, tell }: Call<object>): ((progress: MigrationProgress) => void) => {
  const seen = new Map<string, string>();
  const colors = paint(wantsColor(io.env, io.stderr.isTTY, options.color));
  return ({ targets }) => {
    for (const target of targets) {
      const line = targetLine(target, colors);
      if (seen.get(target.environment) === line) continue;
      seen.set(target.environment, line);
      tell(io.stderr.isTTY ? line : `${new Date().toISOString()} ${line}`);
    }
  };
};

/** The result of a started rollout; with --wait (the default on a terminal) only when it stands still. */
export const settled = async (
  call: Call<WaitFlags>,
  started: MigrationProgress,
  wanted: MigrationProgress['status'],
): Promise<Result> => {
  const { io, options } = call;
  const result = (progress: MigrationProgress, exit: Exit): Result => ({
    exit,
    json: progress,
    human: (colors) => progressText(progress, colors),
  });
  if (!(options.wait ?? io.stderr.isTTY)) return result(started, 'fine');
  const [{ connect }, { WaitTimeout }] = await Promise.all([
    import('../server/connect.js'),
    import('schema-evolution-sdk'),
  ]);
  const onProgress = reporter(call);
  try {
    const manager = await connect(options, io);
    const timeoutMs = options.waitTimeout * 1000;
    const progress = await manager.waitForMigration(started.id, { timeoutMs, onProgress });
    return result(progress, exitOf(wanted, progress));
  } catch (error) {
    if (!(error instanceof WaitTimeout)) throw error;
    call.tell(`The wait timed out after ${options.waitTimeout} s; the migration goes on.`);
    return result(error.last as MigrationProgress, 'timedOut');
  }
};
