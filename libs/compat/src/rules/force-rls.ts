import { pathOf } from '@dsem/schema';
import { rule } from '../rule.js';

export const forceRowSecurity = rule({
  id: 'force-rls',
  title: 'Row security of the owner changes',
  severity: 'error',
  hazard: 'security',
  breaks: ['OR', 'OW'],
  bump: 'major',
  why: 'The owner, and with it many a service, sees other rows than before.',
  fix: 'Have it reviewed by whoever is responsible for access.',
  on: ['alter-table'],
  check: ({ object, from, to }) => {
    const [before, after] = [from, to].map((table) => table.attributes?.['forceRowSecurity'] === true);
    if (before === after) return [];
    const message = `Row security of ${object} holds for its owner ${after ? 'too' : 'no more'}`;
    const touches = [pathOf(to)];
    return [{ object, message, touches, ...(after ? {} : { breaks: [], bump: 'minor' }) }];
  },
});
