import { equal } from '@dsem/schema';
import { rule } from '../rule.js';

export const changeEventTrigger = rule({
  id: 'change-event-trigger',
  title: 'An event trigger is made or changes',
  severity: 'warning',
  hazard: 'policy',
  breaks: [],
  bump: 'minor',
  why: 'It fires for the statements of this plan that come after it, and for those of every later one; what it raises stops them.',
  fix: 'Make sure that its function lets migrations through, for example by the role that runs them.',
  on: ['create-object', 'alter-object'],
  check: (change) => {
    const { object } = change;
    const to = change.kind === 'alter-object' ? change.to : change.value;
    if (to.kind !== 'event-trigger') return [];
    const isSame = change.kind === 'alter-object' && equal(change.from.definition, to.definition);
    return isSame ? [] : [{ object, message: `${object} fires for schema changes` }];
  },
});
