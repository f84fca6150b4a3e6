import type { Principal } from '@dsem/authz';

/** What a request shows to prove who sends it. */
export interface Credentials {
  /** The text after `Bearer `, if any. */
  readonly bearer?: string;
}

/**
 * Proves who asks. Answers undefined when the credentials are not of its kind, and throws an `ApiProblem` (51xx)
 * when they are but do not hold. Log-in by OIDC is one more of these.
 */
export interface Authenticator {
  readonly authenticate: (credentials: Credentials) => Promise<Principal | undefined>;
}

/** Asks each in turn; the first that knows the kind of credentials decides. */
export const firstOf = (...authenticators: readonly Authenticator[]): Authenticator => ({
  authenticate: async (credentials) => {
    for (const each of authenticators) {
      const principal = await each.authenticate(credentials);
      if (principal !== undefined) return principal;
    }
    return undefined;
  },
});
