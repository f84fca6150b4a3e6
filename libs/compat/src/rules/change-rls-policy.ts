import { type Change, equal, pathOf } from '@dsem/schema';
import { rule } from '../rule.js';

const verbs = { 'create-policy': 'is added', 'drop-policy': 'is dropped', 'alter-policy': 'changes' } as const;

export const changeRlsPolicy = rule({
  id: 'change-rls-policy',
  title: 'A row-level security policy changes',
  severity: 'error',
  hazard: 'security',
  breaks: ['OR', 'OW'],
  bump: 'major',
  why: 'Rows become visible or writable to others, or vanish for those who need them.',
  fix: 'Have the change reviewed for security, and test it with the real roles.',
  on: ['create-policy', 'drop-policy', 'alter-policy'],
  check: (change, { changes }) => {
    if (change.kind === 'alter-policy') {
      const { comment: _, ...from } = change.from;
      const { comment: _to, ...to } = change.to;
      if (equal(from, to)) return [];
    }
    const table = change.kind === 'alter-policy' ? change.to.table : change.policy.table;
    const comes = (one: Change): boolean => one.kind === 'create-table' || one.kind === 'drop-table';
    if (changes.some((one) => comes(one) && one.object === pathOf(table))) return [];
    const message = `Policy ${change.object} ${verbs[change.kind]}`;
    return [{ object: change.object, message, touches: [pathOf(table)] }];
  },
});
