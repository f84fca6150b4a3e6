import { isOwnership, unnamedOwner } from '@dsem/schema';
import { rule } from '../rule.js';

const named = (role: string): string => (role === unnamedOwner ? 'whoever carried it out' : role);

export const changeOwner = rule({
  id: 'change-owner',
  title: 'An owner changes',
  severity: 'warning',
  hazard: 'security',
  breaks: [],
  bump: 'minor',
  why: 'Code and views that run with the rights of their owner have others from then on, and another role may alter the object.',
  fix: 'Have it approved.',
  on: ['alter-grant'],
  check: ({ from, to }) =>
    isOwnership(to)
      ? [{ object: to.on, message: `${to.on} goes from ${named(from.grantee)} to ${to.grantee}`, touches: [to.on] }]
      : [],
});
