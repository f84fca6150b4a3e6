import { createPrivateKey, createPublicKey, hash as digest, sign, verify, type KeyObject } from 'node:crypto';
import { InvalidLedgerKey, InvalidNote } from './errors.js';

/** Signs notes under a name; the private key stays inside. */
export interface Signer {
  readonly name: string;
  /** What others verify with: `name+id+key`, the C2SP verifier key. */
  readonly verifierKey: string;
  readonly sign: (text: string) => string;
}

/** Checks notes of one key. */
export interface Verifier {
  readonly name: string;
  readonly verifierKey: string;
  readonly keyId: Uint8Array;
  readonly verify: (text: string, signature: Uint8Array) => boolean;
}

const ED25519 = Uint8Array.of(1);
const DASH = '\u2014 ';

const keyIdOf = (name: string, raw: Uint8Array): Buffer =>
  digest('sha256', Buffer.concat([Buffer.from(`${name}\n`), ED25519, raw]), 'buffer').subarray(0, 4);

const checkName = (name: string): string => {
  if (!/^[^\s+]+$/u.test(name)) throw new InvalidLedgerKey(`A key's name has no spaces and no plus sign: "${name}".`);
  return name;
};

/** Base64 that has exactly one spelling: unused bits and missing padding are refused. */
const strictBase64 = (text: string): Buffer | undefined => {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
};

const readKey = <T>(read: () => T): T => {
  try {
    return read();
  } catch (cause) {
    throw new InvalidLedgerKey(`The key cannot be read: ${(cause as Error).message}.`, { cause });
  }
};

const rawPublicKey = (key: KeyObject): Buffer => {
  if (key.asymmetricKeyType !== 'ed25519') throw new InvalidLedgerKey('The key is not an Ed25519 key.');
  return Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url');
};

const verifierOf = (name: string, raw: Buffer): Verifier => {
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') };
  const key = readKey(() => createPublicKey({ key: jwk, format: 'jwk' }));
  const keyId = keyIdOf(checkName(name), raw);
  const verifierKey = `${name}+${keyId.toString('hex')}+${Buffer.concat([ED25519, raw]).toString('base64')}`;
  return { name, verifierKey, keyId, verify: (text, signature) => verify(null, Buffer.from(text), key, signature) };
};

/** Reads a verifier key (`name+id+key`) or, when `name` is given, a PEM public key. Throws InvalidLedgerKey. */
export const readVerifier = (text: string, name?: string): Verifier => {
  if (text.includes('-----BEGIN')) {
    if (name === undefined) throw new InvalidLedgerKey('A PEM key needs the name of the log it belongs to.');
    return verifierOf(name, rawPublicKey(readKey(() => createPublicKey(text))));
  }
  const match = /^([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/u.exec(text.trim());
  const data = strictBase64(match?.[3] ?? '');
  if (match === null || data?.length !== 33 || data[0] !== 1) {
    throw new InvalidLedgerKey('The key is not of the form name+id+key with an Ed25519 key.');
  }
  const verifier = verifierOf(match[1] ?? '', data.subarray(1));
  if (verifier.verifierKey !== text.trim())
    throw new InvalidLedgerKey("The key's id does not belong to its name and bytes.");
  return verifier;
};

/** Prepares an Ed25519 private key (PEM or KeyObject) to sign under a name. Throws InvalidLedgerKey. */
export const signerOf = (name: string, privateKey: KeyObject | string): Signer => {
  const key = typeof privateKey === 'string' ? readKey(() => createPrivateKey(privateKey)) : privateKey;
  const { verifierKey, keyId } = verifierOf(name, rawPublicKey(createPublicKey(key)));
  const signature = (text: string): string =>
    Buffer.concat([keyId, sign(null, Buffer.from(text), key)]).toString('base64');
  return { name, verifierKey, sign: (text) => `${text}\n${DASH}${name} ${signature(text)}\n` };
};

/** Checks a note signed by exactly this key and returns its text. Throws InvalidNote with the reason. */
export const openNote = (note: string, verifier: Verifier): string => {
  const end = note.lastIndexOf('\n\n');
  const text = note.slice(0, end + 1);
  const match = new RegExp(`^${DASH}(\\S+) (\\S+)\\n$`, 'u').exec(note.slice(end + 2));
  if (end < 0 || match === null) throw new InvalidNote('The text is no note with one signature.');
  const bytes = strictBase64(match[2] ?? '');
  if (bytes?.length !== 68) throw new InvalidNote('The signature is not base64 of 68 bytes.');
  if (match[1] !== verifier.name || !bytes.subarray(0, 4).equals(verifier.keyId)) {
    throw new InvalidNote(`The note is signed by another key (${match[1]}), expected ${verifier.verifierKey}.`);
  }
  if (!verifier.verify(text, bytes.subarray(4))) throw new InvalidNote('The signature does not fit the text.');
  return text;
};
