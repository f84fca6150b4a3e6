import { ApiProblem, roleSchema } from '@dsem/api';
import type { Principal } from '@dsem/authz';
import { decodeProtectedHeader, jwtVerify, SignJWT, type CryptoKey, type KeyObject } from 'jose';
import { z } from 'zod';
import type { Authenticator } from './authenticator.js';

/** Key of the processes of one installation: at least 32 bytes for HS256, or an Ed25519 key (pair). */
export type TokenKey = Uint8Array | CryptoKey | KeyObject;

const issuer = 'dsem-gateway';
const type = 'dsem+jwt';
/** Seconds a minted token holds: one request's way through the proxy. */
const life = 60;

const claims = z.object({
  sub: z.string(),
  kind: z.enum(['person', 'key', 'service', 'agent']),
  tenant: z.string(),
  roles: z.array(roleSchema),
  scopes: z.array(z.string()).optional(),
  environments: z.array(z.string()).optional(),
});

const algorithmOf = (key: TokenKey): 'HS256' | 'EdDSA' => (key instanceof Uint8Array ? 'HS256' : 'EdDSA');

/** Mints the token with which the gateway tells a service (the audience) who asks. Valid for 60 seconds. */
export const mintServiceToken = (principal: Principal, audience: string, key: TokenKey): Promise<string> => {
  const { id, ...rest } = principal;
  return new SignJWT({ ...rest })
    .setProtectedHeader({ alg: algorithmOf(key), typ: type })
    .setSubject(id)
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime(`${life}s`)
    .sign(key);
};

const isServiceToken = (bearer: string): boolean => {
  try {
    return decodeProtectedHeader(bearer).typ === type;
  } catch {
    return false;
  }
};

const principalOf = (payload: unknown): Principal => {
  const { sub, kind, tenant, roles, scopes, environments } = claims.parse(payload);
  return {
    id: sub,
    kind,
    tenant,
    roles,
    ...(scopes === undefined ? {} : { scopes }),
    ...(environments === undefined ? {} : { environments }),
  };
};

/** Authenticates the gateway's tokens that are meant for `audience`: the name of a service of this process. */
export const serviceTokenAuthenticator = (audience: string | string[], key: TokenKey): Authenticator => ({
  authenticate: async ({ bearer }) => {
    if (bearer === undefined || !isServiceToken(bearer)) return undefined;
    try {
      const options = {
        issuer,
        audience: typeof audience === 'string' ? audience : [...audience],
        typ: type,
        algorithms: [algorithmOf(key)],
        maxTokenAge: life,
        clockTolerance: 5,
      };
      return principalOf((await jwtVerify(bearer, key, options)).payload);
    } catch (cause) {
      throw new ApiProblem('DSEM-5107', 'the service token does not hold', { cause });
    }
  },
});
