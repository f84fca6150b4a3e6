import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Refusal } from '@dsem/schema';

/** Thrown when a file in the data folder does not hold the key that it was made with; its content is never shown. */
export class UnusableKeyFile extends Refusal {
  readonly code = 'DSEM-1017';
  readonly title = 'The configuration is not valid';
  readonly fix = 'Put the file back from a backup; docs/configuration.md says what is lost without it.';

  constructor(file: string, wanted: string) {
    super(`${file} does not hold ${wanted}`);
  }
}

const readOr = (file: string, make: () => string): string => {
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  const text = make();
  mkdirSync(dirname(file), { recursive: true, mode: 0o711 });
  writeFileSync(`${file}.new`, `${text}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return text;
};

/** The secret bytes kept in `file` (mode 0600), made at the first start. @throws UnusableKeyFile */
export const secretBytes = (file: string): Uint8Array => {
  const text = readOr(file, () => randomBytes(32).toString('base64'));
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length < 32 || bytes.toString('base64') !== text)
    throw new UnusableKeyFile(file, 'at least 32 bytes in base64');
  return bytes;
};

const privateKeyIn = (pem: string): KeyObject | undefined => {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
};

/** The Ed25519 key pair kept in `file` (PEM, mode 0600), made at the first start. @throws UnusableKeyFile */
export const signingKey = (file: string): { readonly privateKey: KeyObject; readonly publicKey: KeyObject } => {
  const pem = readOr(file, () =>
    generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString().trim(),
  );
  const privateKey = privateKeyIn(pem);
  if (privateKey?.asymmetricKeyType !== 'ed25519')
    throw new UnusableKeyFile(file, 'an Ed25519 private key, PEM (PKCS #8)');
  return { privateKey, publicKey: createPublicKey(privateKey) };
};
