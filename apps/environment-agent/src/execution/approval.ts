import type { KeyObject } from 'node:crypto';
import { nameShape } from '@dsem/schema';
import { compactVerify } from 'jose';
import { z } from 'zod';

const statement = z.object({
  migration: z.string(),
  plans: z.array(z.string()),
  environments: z.array(nameShape),
  approvers: z.array(z.string()),
  iat: z.int(),
});

/** What is about to run where. */
export interface Intended {
  readonly migration: string;
  readonly plan: string;
  readonly environment: string;
}

/**
 * Why the approval does not allow what is intended; undefined when it does. The agent trusts nobody else's word:
 * only the orchestrator's signature over exactly this plan's hash in this environment.
 */
export const approvalProblem = async (
  approval: string,
  intended: Intended,
  publicKey: KeyObject,
): Promise<string | undefined> => {
  try {
    const { payload, protectedHeader } = await compactVerify(approval, publicKey, { algorithms: ['EdDSA'] });
    if (protectedHeader.typ !== 'dsem-approval+jwt') return 'it is no approval';
    const signed = statement.parse(JSON.parse(new TextDecoder().decode(payload)));
    if (signed.migration !== intended.migration) return 'it belongs to another migration';
    if (!signed.plans.includes(intended.plan)) return 'it is for other plans';
    return signed.environments.includes(intended.environment) ? undefined : 'it is for other environments';
  } catch {
    return 'its signature does not hold';
  }
};
