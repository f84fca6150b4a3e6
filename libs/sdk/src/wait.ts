import type { MigrationProgress } from '@dsem/api';
import { WaitTimeout } from './errors.js';

/** How to wait. */
export interface WaitOptions {
  /** In ms; default ten minutes. */
  readonly timeoutMs?: number;
  /** In ms; default 500. */
  readonly pollMs?: number;
  readonly signal?: AbortSignal;
  /** Told of each change of state. */
  readonly onProgress?: (progress: MigrationProgress) => void;
  /** Default: a state that nothing leaves by itself. */
  readonly until?: (progress: MigrationProgress) => boolean;
}

const moving = new Set<MigrationProgress['status']>(['draft', 'running', 'rolling-back']);

/** Whether nothing happens to a migration any more unless somebody decides something. */
export const atRest = ({ status }: MigrationProgress): boolean => !moving.has(status);

const rest = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

const fingerprint = ({ status, targets }: MigrationProgress): string =>
  JSON.stringify([status, targets.map((target) => [target.status, target.step?.index, target.step?.state])]);

/** Asks until the answer fits. @throws WaitTimeout */
export const waitFor = async (
  id: string,
  ask: () => Promise<MigrationProgress>,
  { timeoutMs = 600_000, pollMs = 500, until = atRest, onProgress, signal }: WaitOptions,
): Promise<MigrationProgress> => {
  const end = Date.now() + timeoutMs;
  let seen = '';
  for (;;) {
    signal?.throwIfAborted();
    const progress = await ask();
    if (fingerprint(progress) !== seen) onProgress?.(progress);
    seen = fingerprint(progress);
    if (until(progress)) return progress;
    if (Date.now() + pollMs > end) throw new WaitTimeout(`migration ${id}`, progress);
    await rest(pollMs);
  }
};
