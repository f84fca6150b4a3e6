import { generateKeyPairSync } from 'node:crypto';
import { compactVerify, decodeProtectedHeader } from 'jose';
import { signApproval } from './approval.js';

describe('a signed approval', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const statement = { migration: 'm1', plans: ['p1'], environments: ['eu'], approvers: ['key:b', 'person:ü'], iat: 1 };
  const signed = signApproval(statement, privateKey);

  it('is a compact JWS that others can read and check', async () => {
    const { payload } = await compactVerify(signed, publicKey, { algorithms: ['EdDSA'] });
    expect(JSON.parse(new TextDecoder().decode(payload))).toEqual(statement);
  });

  it('says what it is', () => {
    expect(decodeProtectedHeader(signed)).toEqual({ alg: 'EdDSA', typ: 'dsem-approval+jwt' });
  });

  it('is the same for the same statement', () => {
    expect(signApproval(statement, privateKey)).toBe(signed);
  });

  it('does not hold under another key', async () => {
    await expect(compactVerify(signed, generateKeyPairSync('ed25519').publicKey)).rejects.toMatchObject({
      code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
    });
  });
});
