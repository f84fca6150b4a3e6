import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { approvalProblem } from './approval.js';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const statement = { migration: 'm1', plans: ['p1', 'p2'], environments: ['eu', 'us'], approvers: ['key:b'], iat: 1 };
const intended = { migration: 'm1', plan: 'p2', environment: 'us' };

const part = (value: unknown): string => Buffer.from(JSON.stringify(value), 'utf8').toString('base64url');
const signed = (payload: unknown, header: object = {}, key: KeyObject = privateKey): string => {
  const input = `${part({ alg: 'EdDSA', typ: 'dsem-approval+jwt', ...header })}.${part(payload)}`;
  return `${input}.${sign(null, Buffer.from(input, 'utf8'), key).toString('base64url')}`;
};
const [header = '', , signature = ''] = signed(statement).split('.');
const forged = [header, part({ ...statement, environments: ['moon'] }), signature].join('.');

describe('an agent', () => {
  it('accepts an approval of this plan in this environment', async () => {
    await expect(approvalProblem(signed(statement), intended, publicKey)).resolves.toBeUndefined();
  });

  it.each<[string, object, string]>([
    ['of another migration', { migration: 'm2' }, 'another migration'],
    ['of other plans', { plan: 'p3' }, 'other plans'],
    ['for other environments', { environment: 'moon' }, 'other environments'],
    ['of a plan whose name it only begins with', { plan: 'p' }, 'other plans'],
  ])('refuses an approval %s', async (_, change, problem) => {
    await expect(approvalProblem(signed(statement), { ...intended, ...change }, publicKey)).resolves.toContain(problem);
  });

  const { privateKey: stranger } = generateKeyPairSync('ed25519');
  it.each<[string, string, string]>([
    ['nothing', '', 'signature'],
    ['a text', 'approved!', 'signature'],
    ['another key', signed(statement, {}, stranger), 'signature'],
    ['a changed statement', forged, 'signature'],
    ['no algorithm', `${part({ alg: 'none' })}.${part(statement)}.`, 'signature'],
    ['another algorithm over the same bytes', signed(statement, { alg: 'HS256' }), 'signature'],
    ['a document of another kind', signed(statement, { typ: 'JWT' }), 'no approval'],
    ['a statement without environments', signed({ ...statement, environments: undefined }), 'signature'],
    ['a statement that is none', signed('everything'), 'signature'],
  ])('refuses %s', async (_, approval, problem) => {
    const wide = { ...intended, environment: 'us' };
    await expect(approvalProblem(approval, wide, publicKey)).resolves.toContain(problem);
  });
});
