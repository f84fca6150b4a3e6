import { createHash } from 'node:crypto';
import { ApiProblem, type ApiKey } from '@dsem/api';
import { handleCommand, type CommandMetadata, type HandleOptions } from '@dsem/event-store';
import { streams } from '@dsem/events';
import { mintKey } from '@dsem/service-host';
import type { Gateway } from '../gateway.context.js';
import { keyDecider, type KeyCommand } from './key.js';

const day = 86_400_000;

const after = (gateway: Gateway, milliseconds: number): string =>
  new Date(gateway.service.clock().getTime() + milliseconds).toISOString();

/** @throws ApiProblem DSEM-4014 when an earlier try made a secret that nobody was told */
const handle = async (gateway: Gateway, command: KeyCommand, options: HandleOptions): Promise<void> => {
  const stream = streams.key(command.key);
  const { repeated } = await handleCommand(gateway.service.store, keyDecider, stream, command, options);
  gateway.keys.forget(command.key);
  if (repeated && command.kind !== 'revoke-key')
    throw new ApiProblem('DSEM-4014', `key ${command.key} got its secret before, with this idempotency key`);
};

/** The same for the same command, so that a repeated one does not issue a second key. */
const idFor = ({ causationId }: CommandMetadata): string =>
  createHash('sha256').update(causationId).digest('hex').slice(0, 16);

/** What a new key is to be. */
export interface KeyWish {
  readonly name: string;
  readonly kind: ApiKey['kind'];
  readonly roles: ApiKey['roles'];
  readonly scopes?: readonly string[] | undefined;
  readonly environments?: readonly string[] | undefined;
  readonly expiresInDays: number;
}

/** A key's id and, this once, its text. */
export interface NewSecret {
  readonly id: string;
  readonly secret: string;
}

/** Issues a key; only the hash of its secret is told to the store. */
export const issueKey = async (gateway: Gateway, wish: KeyWish, metadata: CommandMetadata): Promise<NewSecret> => {
  const id = idFor(metadata);
  const { text, hash } = mintKey(wish.kind, id);
  const { kind, expiresInDays, ...rest } = wish;
  const expires = after(gateway, expiresInDays * day);
  const command = { kind: 'issue-key', key: id, keyKind: kind, ...rest, secretHash: hash, expires } as const;
  await handle(gateway, command, { metadata });
  return { id, secret: text };
};

/** Gives a key a new secret; the one before holds for `overlapMinutes` more. */
export const rotateKey = async (
  gateway: Gateway,
  key: { readonly id: string; readonly kind: ApiKey['kind'] },
  wish: { readonly overlapMinutes: number; readonly expiresInDays: number },
  metadata: CommandMetadata,
): Promise<NewSecret> => {
  const { text, hash } = mintKey(key.kind, key.id);
  const previousValidUntil = after(gateway, wish.overlapMinutes * 60_000);
  const expires = after(gateway, wish.expiresInDays * day);
  const command = { kind: 'rotate-key', key: key.id, secretHash: hash, previousValidUntil, expires } as const;
  await handle(gateway, command, { metadata });
  return { id: key.id, secret: text };
};

/** Ends a key at once. */
export const revokeKey = (gateway: Gateway, key: string, options: HandleOptions): Promise<void> =>
  handle(gateway, { kind: 'revoke-key', key }, options);
