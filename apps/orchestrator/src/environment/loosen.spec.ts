import { defaultPolicy, environment } from './environment.js';
import { addedLoosely, loosens } from './loosen.js';

const production = defaultPolicy('production');

describe('a policy', () => {
  it.each([
    ['fewer approvals', { approvals: 0 }, true],
    ['more approvals', { approvals: 2 }, false],
    ['the approval of its author', { authorMayApprove: true }, true],
    ['the loss of data', { allowDestructive: true }, true],
    ['incompatible versions', { validation: 'relaxed' as const }, true],
    ['another role', { approverRoles: ['approver', 'operator'] }, true],
    ['fewer roles', { approverRoles: ['approver'] }, false],
    ['more approvals, and the approval of its author', { approvals: 9, authorMayApprove: true }, true],
    ['nothing else', {}, false],
  ])('that comes to accept %s is loosened or not', (_, change, loosened) => {
    expect(loosens(production, { ...production, ...change })).toBe(loosened);
  });
});

describe('an environment that is added', () => {
  const state = { ...environment.initialState, exists: true, name: 'eu', type: 'production' as const };
  const retired = { ...state, retired: true, policy: { ...production, approvals: 2 } };
  it.each([
    ['as its type asks for', environment.initialState, 'production', {}, 'production', false],
    ['more loosely', environment.initialState, 'production', { approvals: 0 }, 'production', true],
    ['anew under the policy it had', retired, 'production', { approvals: 2 }, 'production', false],
    ['anew under a looser one', retired, 'production', {}, 'production', true],
    ['anew as another type', retired, 'development', { approvals: 2 }, 'production', true],
  ] as const)('%s', (_, before, type, change, environmentType, loosened) => {
    const added = addedLoosely(before, type, { ...production, ...change });
    expect(added).toEqual({ environmentType, loosens: loosened });
  });
});
