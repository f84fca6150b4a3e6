import { connectionLost } from '@dsem/event-store';

/** Full, out of memory, out of sessions, being stopped, or a standby that does not write: it passes, or is mended. */
const passing: ReadonlySet<unknown> = new Set(['53100', '53200', '53300', '57P05', '25006']);

/** Seconds after which a request that met a database that is away is worth another try. */
export const retryAfterSeconds = 2;

/**
 * Whether an error says that the service's own database cannot work now. What another service or a broker does not
 * answer is told by errors of their own, which carry no code of a connection themselves.
 */
export const databaseAway = (error: unknown): boolean =>
  connectionLost(error) || (typeof error === 'object' && error !== null && 'code' in error && passing.has(error.code));
