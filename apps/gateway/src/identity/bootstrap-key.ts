import { randomUUID } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { apiKeyAuthenticator } from '@dsem/service-host';
import type { Gateway } from '../gateway.context.js';
import { issueKey } from './key-commands.js';

const readIfThere = async (file: string): Promise<string | undefined> => {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
};

const holds = async (gateway: Gateway, key: string): Promise<boolean> => {
  try {
    const { authenticate } = apiKeyAuthenticator(gateway.keys.lookup, gateway.service.clock);
    return (await authenticate({ bearer: key }))?.roles.includes('administrator') === true;
  } catch {
    return false;
  }
};

/** Written beside and renamed, so that the file never holds half a key, and nobody else may ever read it. */
const writeSecret = async (file: string, text: string): Promise<void> => {
  const fresh = `${file}.${randomUUID()}`;
  await writeFile(fresh, `${text}\n`, { mode: 0o600, flag: 'wx' });
  await rename(fresh, file);
};

/**
 * Makes sure that `file` (mode 0600) holds an administrator key that works: who owns the machine can always get in.
 * Answers the key's text.
 */
export const ensureAdministratorKey = async (gateway: Gateway, file: string): Promise<string> => {
  const present = await readIfThere(file);
  if (present !== undefined && (await holds(gateway, present))) return present;
  const correlationId = randomUUID();
  const metadata = { tenant: 'default', actor: 'service:gateway', correlationId, causationId: correlationId };
  const wish = { name: 'bootstrap', kind: 'user', roles: ['administrator' as const], expiresInDays: 90 } as const;
  const { secret } = await issueKey(gateway, { ...wish, roles: [...wish.roles] }, metadata);
  await writeSecret(file, secret);
  return secret;
};
