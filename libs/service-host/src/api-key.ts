import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { ApiProblem } from '@dsem/api';
import type { Principal } from '@dsem/authz';
import type { Authenticator } from './authenticator.js';

export type KeyKind = 'user' | 'service' | 'agent';

/** The parts of a key's text `dsem_<kind>_<id>_<secret><crc32>`. */
export interface KeyText {
  readonly kind: KeyKind;
  readonly id: string;
  readonly secret: string;
}

/** What is stored about a key: never its secret. Two live secrets exist while a rotation overlaps. */
export interface KeyRecord {
  readonly principal: Principal;
  /** ISO 8601. */
  readonly expires: string;
  readonly revoked: boolean;
  /** SHA-256 of the secrets in hex; `until` (ISO 8601) ends the older one of a rotation. */
  readonly secrets: readonly { readonly hash: string; readonly until?: string }[];
}

/** Finds a key by its id; a projection or a cache of at most five seconds. */
export type KeyLookup = (id: string) => Promise<KeyRecord | undefined>;

const checksum = (text: string): string => crc32(text).toString(16).padStart(8, '0');

/** SHA-256 in hex: what is kept of a secret. A secret has 256 random bits, so no slow hash is needed. */
export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** A new secret of 32 random bytes, and the key's whole text that is shown once. */
export const mintKey = (kind: KeyKind, id: string): { readonly text: string; readonly hash: string } => {
  const secret = randomBytes(32).toString('hex');
  const body = `dsem_${kind}_${id}_${secret}`;
  return { text: `${body}${checksum(body)}`, hash: hashSecret(secret) };
};

const shape = /^(dsem_(user|service|agent)_([0-9a-z]{1,40})_([0-9a-f]{64}))([0-9a-f]{8})$/;

/** Reads a key's text; undefined when form or checksum are wrong, so that a typing error costs no look-up. */
export const readKey = (text: string): KeyText | undefined => {
  const [, body, kind, id, secret, sum] = shape.exec(text) ?? [];
  if (body === undefined || id === undefined || secret === undefined || checksum(body) !== sum) return undefined;
  return { kind: kind as KeyKind, id, secret };
};

const holds = (record: KeyRecord, secret: string, now: number): boolean => {
  const given = Buffer.from(hashSecret(secret), 'hex');
  return record.secrets
    .filter(({ until }) => until === undefined || Date.parse(until) > now)
    .some(({ hash }) => timingSafeEqual(Buffer.from(hash, 'hex'), given));
};

/** Authenticates `dsem_…` keys: form and checksum, secret, revocation, expiry. */
export const apiKeyAuthenticator = (lookup: KeyLookup, now: () => Date = () => new Date()): Authenticator => ({
  authenticate: async ({ bearer }) => {
    if (bearer === undefined || !bearer.startsWith('dsem_')) return undefined;
    const key = readKey(bearer);
    if (key === undefined) throw new ApiProblem('DSEM-5102', 'the key is mistyped or cut off');
    const record = await lookup(key.id);
    const time = now().getTime();
    if (record === undefined || !holds(record, key.secret, time))
      throw new ApiProblem('DSEM-5102', 'the key is not known');
    if (record.revoked) throw new ApiProblem('DSEM-5104', `key ${key.id} was revoked`);
    if (Date.parse(record.expires) <= time) throw new ApiProblem('DSEM-5103', `key ${key.id} expired`);
    return record.principal;
  },
});
