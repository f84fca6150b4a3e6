import type { Health } from '@dsem/api';

/** One thing a service depends on; `check` throws when it does not work. */
export interface HealthCheck {
  readonly name: string;
  readonly check: () => Promise<void>;
}

/** What a process knows about itself. */
export interface HostStatus {
  readonly services: readonly string[];
  readonly version: string;
  readonly checks: readonly HealthCheck[];
  /** true from the first moment of the shutdown. */
  draining: boolean;
}

const limit = 2_000;

const within = async (work: Promise<void>): Promise<void> => {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer within ${limit} ms`)), limit);
  try {
    await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
};

const run = async ({ name, check }: HealthCheck): Promise<[string, Health['checks'][string]]> => {
  try {
    await within(check());
    return [name, { status: 'up' }];
  } catch {
    return [name, { status: 'down', detail: 'does not answer' }];
  }
};

/** Asks every dependency at once, each for at most two seconds. Causes stay out of the answer. */
export const healthOf = async (status: HostStatus): Promise<Health> => {
  const checks = Object.fromEntries(await Promise.all(status.checks.map(run)));
  const failing = Object.values(checks).some((each) => each.status === 'down');
  const word = status.draining ? 'draining' : failing ? 'failing' : 'ok';
  return { status: word, services: [...status.services], version: status.version, checks };
};
