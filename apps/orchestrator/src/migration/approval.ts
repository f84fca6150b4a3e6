import { sign, type KeyObject } from 'node:crypto';
import type { ExecutePlan } from '@dsem/events';

/** What an approval says: who agreed to exactly which plans, where. Agents verify it before they act. */
export interface ApprovalStatement {
  readonly migration: string;
  readonly plans: readonly string[];
  readonly environments: readonly string[];
  readonly approvers: readonly string[];
  /** Seconds since 1970. */
  readonly iat: number;
}

const part = (value: unknown): string => Buffer.from(JSON.stringify(value), 'utf8').toString('base64url');

const signed = (typ: string, statement: object, key: KeyObject): string => {
  const input = `${part({ alg: 'EdDSA', typ })}.${part(statement)}`;
  return `${input}.${sign(null, Buffer.from(input, 'utf8'), key).toString('base64url')}`;
};

/** A compact JWS (EdDSA over Ed25519, RFC 8037) of the statement. */
export const signApproval = (statement: ApprovalStatement, key: KeyObject): string =>
  signed('dsem-approval+jwt', statement, key);

/**
 * The same of one command: what runs where, in which direction, until when. An approval alone is no order: whoever has
 * seen one could have the plan run again, or taken back. The same command has the same signature.
 */
export const signOrder = (command: ExecutePlan['data'], key: KeyObject): string => {
  const { order: _, ...asked } = command;
  return signed('dsem-order+jwt', asked, key);
};
