import { createPrivateKey, createPublicKey } from 'node:crypto';
import { Refusal } from '@dsem/schema';
import { z } from 'zod';

/** Thrown when environment variables do not have the values a process needs; names each, what it got and what it wants. */
export class InvalidConfig extends Refusal {
  readonly code = 'DSEM-1017';
  readonly title = 'The configuration is not valid';
  readonly fix = 'Set the variables named to what they want.';
}

const secretName = /secret|password|passphrase|token|key|url|dsn/i;

const shown = (name: string, value: string | undefined): string => {
  if (value === undefined) return 'nothing';
  return secretName.test(name) ? '(hidden)' : JSON.stringify(value.slice(0, 100));
};

/**
 * Reads a process's configuration from its environment, once, at start. An empty variable counts as unset.
 * @throws InvalidConfig, a sentence per variable
 */
export const loadConfig = <Shape extends z.ZodObject>(
  shape: Shape,
  env: Readonly<Record<string, string | undefined>>,
): z.output<Shape> => {
  const given = Object.fromEntries(Object.entries(env).filter(([name, value]) => name in shape.shape && value !== ''));
  const result = shape.safeParse(given);
  if (result.success) return result.data;
  const sentences = result.error.issues.map(({ path, message }) => {
    const name = String(path[0] ?? '');
    return `${name}: got ${shown(name, given[name])}, wanted ${shape.shape[name]?.description ?? message} (${message})`;
  });
  throw new InvalidConfig(sentences.join('; '));
};

const isSigningKey = (pem: string): boolean => {
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'ed25519';
  } catch {
    return false;
  }
};

/** A variable that holds a key to sign with; what cannot sign is refused at the start, and its text is never shown. */
export const signingKeyVariable = z
  .string()
  .refine(isSigningKey, 'not such a key')
  .describe('an Ed25519 private key, PEM (PKCS #8)');

/** A private key would do for the platform: it knows its public half. It must not lie where only that is needed. */
const isVerifyingKey = (pem: string): boolean => {
  if (!pem.trimStart().startsWith('-----BEGIN PUBLIC KEY-----')) return false;
  try {
    return createPublicKey(pem).asymmetricKeyType === 'ed25519';
  } catch {
    return false;
  }
};

/** A variable that holds a key to check signatures with; what cannot do so is refused at the start. */
export const verifyingKeyVariable = z
  .string()
  .refine(isVerifyingKey, 'not such a key')
  .describe('an Ed25519 public key, PEM (SPKI)');

const broker = /^(\[[0-9a-f:.]+\]|[^\s,:/[\]]+):\d{1,5}$/i;

/** A variable that lists Kafka brokers. */
export const brokersVariable = z
  .string()
  .refine((text) => text.split(',').every((each) => broker.test(each.trim())), 'not such a list')
  .describe('host:port, comma-separated');

/** How long a start waits for a database or brokers that do not answer. */
export const startWaitVariable = z.coerce
  .number()
  .int()
  .min(0)
  .max(3600)
  .default(60)
  .describe('how many seconds a start waits for what does not answer, 0 to 3600');
