import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const readOr = (file: string, make: () => string): string => {
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  const text = make();
  mkdirSync(dirname(file), { recursive: true, mode: 0o711 });
  writeFileSync(`${file}.new`, `${text}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return text;
};

/** The secret bytes kept in `file` (mode 0600), made at the first start. */
export const secretBytes = (file: string): Uint8Array =>
  Buffer.from(
    readOr(file, () => randomBytes(32).toString('base64')),
    'base64',
  );

/** The Ed25519 key pair kept in `file` (PEM, mode 0600), made at the first start. */
export const signingKey = (file: string): { readonly privateKey: KeyObject; readonly publicKey: KeyObject } => {
  const pem = readOr(file, () =>
    generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString().trim(),
  );
  const privateKey = createPrivateKey(pem);
  return { privateKey, publicKey: createPublicKey(privateKey) };
};
