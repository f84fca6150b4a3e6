import { setTimeout as sleep } from 'node:timers/promises';
import type { Session, SessionFacts } from '@dsem/engine';
import type { Link } from './connect.js';
import { sessionFacts } from './probe.js';

const pollMs = 100;
const tryQuery = 'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS held';

/**
 * The migrator lock, polled: a session that waits inside the server's lock call would deadlock with
 * CREATE INDEX CONCURRENTLY. The server grants the same session twice, so what is held is remembered here.
 */
export const lockOf = (link: Link): Pick<Session, 'tryLock' | 'unlock' | 'lockHolders'> => {
  const held = new Set<string>();
  const once = async (key: string): Promise<boolean> => {
    const [row] = await link.query<{ held: boolean }>(tryQuery, [key]);
    if (row?.held === true) held.add(key);
    return held.has(key);
  };
  return {
    tryLock: async (key, waitMs) => {
      if (held.has(key)) return true;
      const end = performance.now() + waitMs;
      while (!(await once(key))) {
        if (performance.now() >= end) return false;
        await sleep(pollMs);
      }
      return true;
    },
    unlock: async (key) => {
      if (!held.delete(key)) return;
      await link.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [key]);
    },
    lockHolders: (key) => lockHolders(link, key),
  };
};

const lockHolders = (link: Link, key: string): Promise<readonly SessionFacts[]> =>
  sessionFacts(
    link,
    `a.pid IN (SELECT l.pid FROM pg_locks l WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted
      AND (l.classid::bigint << 32) | l.objid::bigint = hashtextextended($1, 0))`,
    [key],
  );
