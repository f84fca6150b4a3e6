import { sign, type KeyObject } from 'node:crypto';

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

/** A compact JWS (EdDSA over Ed25519, RFC 8037) of the statement. */
export const signApproval = (statement: ApprovalStatement, key: KeyObject): string => {
  const input = `${part({ alg: 'EdDSA', typ: 'dsem-approval+jwt' })}.${part(statement)}`;
  return `${input}.${sign(null, Buffer.from(input, 'utf8'), key).toString('base64url')}`;
};
