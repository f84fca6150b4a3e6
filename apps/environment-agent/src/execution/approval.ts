import type { KeyObject } from 'node:crypto';
import { executePlan, type ExecutePlan } from '@dsem/events';
import { canonicalJson, nameShape } from '@dsem/schema';
import { compactVerify } from 'jose';
import { z } from 'zod';

const statement = z.object({
  migration: z.string(),
  plans: z.array(z.string()),
  environments: z.array(nameShape),
  approvers: z.array(z.string()),
  iat: z.int(),
});

const sameText = (a: unknown, b: unknown): boolean => canonicalJson(a) === canonicalJson(b);

/**
 * Why a command is not the orchestrator's own; undefined when it is. An approval says that a plan may run; only the
 * order says that it is to run now, in this direction.
 */
export const orderProblem = async (command: ExecutePlan['data'], publicKey: KeyObject): Promise<string | undefined> => {
  const { order, ...asked } = command;
  if (order === undefined) return 'it is not signed';
  try {
    const { payload, protectedHeader } = await compactVerify(order, publicKey, { algorithms: ['EdDSA'] });
    if (protectedHeader.typ !== 'dsem-order+jwt') return 'what is signed is no order';
    // Read as the command was, so that what a newer orchestrator adds is left out on both sides.
    const ordered = executePlan.shape.parse(JSON.parse(new TextDecoder().decode(payload)));
    return sameText(ordered, asked) ? undefined : 'something else was ordered';
  } catch {
    return 'its signature does not hold';
  }
};

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

/** Why a command may not run, as it is told; undefined when it is the orchestrator's own, and what it asks for is approved. */
export const refusalOf = async (
  command: ExecutePlan['data'],
  publicKey: KeyObject,
): Promise<{ readonly code: 'NOT_APPROVED' | 'NOT_ORDERED'; readonly why: string } | undefined> => {
  const unapproved = await approvalProblem(command.approval, command, publicKey);
  if (unapproved !== undefined)
    return { code: 'NOT_APPROVED', why: `The approval does not allow this: ${unapproved}.` };
  const unordered = await orderProblem(command, publicKey);
  return unordered === undefined
    ? undefined
    : { code: 'NOT_ORDERED', why: `The command is not the orchestrator's: ${unordered}.` };
};
