import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import type { ExecutePlan } from '@dsem/events';
import { approvalProblem, orderProblem } from './approval.js';

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

describe('an order', () => {
  const digestOf = (letter: string): string => `sha256:${letter.repeat(64)}`;
  const asked: ExecutePlan['data'] = {
    execution: 'execution-r1-eu-1',
    rollout: 'r1',
    migration: 'm1',
    environment: 'eu',
    attempt: 1,
    direction: 'forward',
    subject: 'shop',
    plan: digestOf('a'),
    from: digestOf('b'),
    to: digestOf('c'),
    toVersion: '1.1.0',
    approval: 'signed',
    expires: '2026-01-02T00:00:00.000Z',
  };
  const typ = 'dsem-order+jwt';
  const order = signed(asked, { typ });

  it('is taken as it was given, in whatever order its members stand', async () => {
    await expect(orderProblem({ ...asked, order }, publicKey)).resolves.toBeUndefined();
    const turned = Object.fromEntries(Object.entries(asked).reverse()) as typeof asked;
    await expect(orderProblem({ order, ...turned }, publicKey)).resolves.toBeUndefined();
  });

  it.each(Object.keys(asked))('does not hold when another %s is asked for', async (name) => {
    const value = asked[name as keyof typeof asked];
    const other = name === 'direction' ? 'reverse' : typeof value === 'number' ? value + 1 : `${String(value)}x`;
    await expect(orderProblem({ ...asked, [name]: other, order }, publicKey)).resolves.toContain('something else');
  });

  it('may hold what this agent does not know', async () => {
    const newer = signed({ ...asked, since: 'tomorrow' }, { typ });
    await expect(orderProblem({ ...asked, order: newer }, publicKey)).resolves.toBeUndefined();
  });

  const { privateKey: stranger } = generateKeyPairSync('ed25519');
  it.each<[string, string | undefined, string]>([
    ['nothing', undefined, 'not signed'],
    ['a text', 'do it', 'signature'],
    ['another key', signed(asked, { typ }, stranger), 'signature'],
    ['an approval', signed(asked), 'no order'],
    ['less than is asked', signed({ ...asked, toVersion: undefined }, { typ }), 'something else'],
  ])('does not hold by %s', async (_, given, problem) => {
    const command = { ...asked, ...(given === undefined ? {} : { order: given }) };
    await expect(orderProblem(command, publicKey)).resolves.toContain(problem);
  });
});
