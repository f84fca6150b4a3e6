import type { PreflightFacts } from '@dsem/engine';
import type { DirectedStep } from '../execution/route.js';
import { preflight } from './preflight.js';

const good: PreflightFacts = {
  writable: true,
  pooled: false,
  longTransactions: [],
  missingPrivileges: [],
  missingRoles: [],
};
const step: DirectedStep = {
  place: { step: 's', index: 0, of: 1, object: 'shop.orders.total' },
  statements: [],
  undo: [],
  transactional: true,
  undoTransactional: true,
  irreversibleBecause: '',
  timeouts: { lockMs: 0, statementMs: 0 },
  before: { objects: { 'index shop.orders.by_day': null } },
  after: { objects: { 'table shop.lines': 'x' } },
};
const ask = (facts: Partial<PreflightFacts>, serverVersion = '18') =>
  preflight({ facts: { ...good, ...facts }, serverVersion, plannedVersion: '18', steps: [step] });

describe('preflight', () => {
  it('asks every check of a good target', () => {
    expect(ask({})).toEqual({
      checks: ['writable', 'pooler', 'server-version', 'privileges', 'roles', 'long-transactions'],
      warnings: [],
    });
  });

  it.each([
    [{ writable: false }, '18', 'TARGET_NOT_WRITABLE'],
    [{ pooled: true }, '18', 'POOLER_NOT_SUPPORTED'],
    [{}, '13', 'SERVER_TOO_OLD'],
    [{ missingPrivileges: ['CREATE on database app'] }, '18', 'MISSING_PRIVILEGE'],
    [{ missingPrivileges: ['ownership of shop.orders'] }, '18', 'MISSING_PRIVILEGE'],
    [{ missingPrivileges: ['CREATE on schema shop'] }, '18', 'MISSING_PRIVILEGE'],
    [{ missingRoles: ['clerk'] }, '18', 'MISSING_ROLE'],
  ])('refuses a target with %p on %s as %s', (facts, version, code) => {
    expect(ask(facts, version).refusal?.code).toBe(code);
  });

  it.each(['ownership of shop.order', 'ownership of other.orders', 'CREATE on schema sho'])(
    'does not mind missing %s, which the plan does not touch',
    (privilege) => {
      expect(ask({ missingPrivileges: [privilege] }).refusal).toBeUndefined();
    },
  );

  it('warns of long transactions without refusing', () => {
    const report = ask({ longTransactions: [{ session: '7 (report)', seconds: 61.4 }] });
    expect(report).toMatchObject({ warnings: ['Transactions are open: 7 (report) for 61 s.'] });
    expect(report.refusal).toBeUndefined();
  });
});
