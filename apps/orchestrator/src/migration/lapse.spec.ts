import { migration } from './migration.js';
import { lapseIn } from './lapse.js';
import { defaultPolicy } from '../environment/environment.js';

const given = (approver: string) => ({
  author: 'key:a',
  state: {
    ...migration.initialState,
    rule: { needed: 1, authorMayApprove: true, roles: ['approver', 'administrator'] },
    approvals: approver === '' ? [] : [{ approver, plans: [] }],
  },
});
const policy = defaultPolicy('production');

describe('what was approved', () => {
  it.each([
    ['under the present policy', {}, 'key:b', false],
    ['when fewer approvals are asked for since', { approvals: 0 }, 'key:b', false],
    ['when nobody is asked, whoever counted', { approvals: 0, approverRoles: ['operator'] }, 'key:b', false],
    ['by its author where that counts', { authorMayApprove: true }, 'key:a', false],
    ['when another role counts, too', { approverRoles: ['approver', 'administrator', 'operator'] }, 'key:b', false],
    ['when rows may be lost', { allowDestructive: true }, 'key:b', true],
  ])('holds %s', (_, change, approver, destructive) => {
    const environment = { name: 'eu', policy: { ...policy, ...change } };
    expect(lapseIn(given(approver), { destructive }, environment)).toBeUndefined();
  });

  it.each([
    ['more approvals are asked for', { approvals: 3 }, 'key:b', false, 'DSEM-4007', /eu needs 3 .* 1 count/u],
    ['an approval was lost, even where fewer are asked for', { approvals: 0 }, '', false, 'DSEM-4007', /needs 1 .* 0/u],
    ['its author does not count', {}, 'key:a', false, 'DSEM-4007', /the author .* eu/u],
    ['a role does not count', { approverRoles: ['administrator'] }, 'key:b', false, 'DSEM-4007', /approver .* eu/u],
    ['rows must not be lost', {}, 'key:b', true, 'DSEM-4012', /lost in eu/u],
  ])('does not when %s', (_, change, approver, destructive, code, cause) => {
    const environment = { name: 'eu', policy: { ...policy, ...change } };
    const expected: unknown = { code, cause: expect.stringMatching(cause) };
    expect(lapseIn(given(approver), { destructive }, environment)).toEqual(expected);
  });
});
