// Makes new secrets for docker-compose.yml: `(umask 077 && node deploy/make-env.mjs > .env)`.
// What it cannot make, the agents' API keys, gets a text that no agent accepts: the gateway issues them, see
// docs/configuration.md.
import { generateKeyPairSync, randomBytes } from 'node:crypto';

const hex = () => randomBytes(24).toString('hex');
const pem = ({ privateKey, publicKey }) => ({
  private: privateKey.export({ format: 'pem', type: 'pkcs8' }).trim(),
  public: publicKey.export({ format: 'pem', type: 'spki' }).trim(),
});
const approval = pem(generateKeyPairSync('ed25519'));
const audit = pem(generateKeyPairSync('ed25519'));

const secrets = {
  DSEM_DATABASE_PASSWORD: hex(),
  DSEM_TOKEN_KEY: randomBytes(32).toString('base64'),
  DSEM_APPROVAL_KEY: approval.private,
  DSEM_APPROVAL_PUBLIC_KEY: approval.public,
  DSEM_AUDIT_KEY: audit.private,
  DSEM_EU_DATABASE_PASSWORD: hex(),
  DSEM_US_DATABASE_PASSWORD: hex(),
  DSEM_EU_AGENT_KEY: 'not-issued-yet',
  DSEM_US_AGENT_KEY: 'not-issued-yet',
};
for (const [name, value] of Object.entries(secrets)) console.log(`${name}="${value}"`);
