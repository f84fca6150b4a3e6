import { parentsOf, pathOf } from '@dsem/schema';
import { rule } from '../rule.js';

export const detachPartition = rule({
  id: 'detach-partition',
  title: 'A table leaves its parent',
  severity: 'error',
  hazard: 'data-loss',
  breaks: ['OR'],
  bump: 'major',
  why: 'Readers of the parent no longer see its rows.',
  fix: 'Export the rows, or keep the table attached until nobody asks for them through the parent.',
  on: ['detach-partition', 'leave-parent'],
  check: ({ object, from, to }) => {
    const kept = new Set(parentsOf(to).map((parent) => pathOf(parent)));
    const left = parentsOf(from)
      .map((parent) => pathOf(parent))
      .filter((parent) => !kept.has(parent));
    return [{ object, message: `Table ${object} leaves ${left.join(', ')}`, touches: left }];
  },
});
