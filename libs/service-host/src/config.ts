import { createPrivateKey } from 'node:crypto';
import { Refusal } from '@dsem/schema';
import { z } from 'zod';

/** Thrown when environment variables do not have the values a process needs; names each, what it got and what it wants. */
export class InvalidConfig extends Refusal {
  readonly code = 'DSEM-1017';
  readonly title = 'The configuration is not valid';
  readonly fix = 'Set the variables named in `detail` to what they want.';
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
