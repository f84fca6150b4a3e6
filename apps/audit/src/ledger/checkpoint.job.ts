import { setTimeout as sleep } from 'node:timers/promises';
import type { Audit } from '../audit.context.js';
import { signNow } from './sign.js';

/** Signs a checkpoint now and then, when something was added; once more at the end. */
export const startCheckpoints = (audit: Audit, everyMs: number): void => {
  const ending = new AbortController();
  const sign = (): Promise<unknown> =>
    signNow(audit).catch((error: unknown) => audit.service.logger.error({ err: error }, 'no checkpoint was signed'));
  const run = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      await sleep(everyMs, undefined, { signal: ending.signal }).catch(() => undefined);
      await sign();
    }
  };
  const running = run();
  audit.service.onDrain(async () => {
    ending.abort();
    await running;
  });
};
