import { equal } from '@dsem/schema';
import { rule } from '../rule.js';

export const changeTextSearch = rule({
  id: 'change-text-search',
  title: 'How texts are cut into words for a search changes',
  severity: 'warning',
  hazard: 'breaks-clients',
  breaks: ['OR'],
  bump: 'minor',
  why: 'Words that are stored already, in columns and indexes, were made in the old way and may not be found any more.',
  fix: 'Compute stored vectors anew and rebuild the indexes on them after the change.',
  on: ['alter-object'],
  check: ({ object, from, to }) =>
    to.kind.startsWith('text-search-') && !equal(from.definition, to.definition)
      ? [{ object, message: `What ${object} makes of a text changes` }]
      : [],
});
