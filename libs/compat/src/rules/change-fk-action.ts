import { type ForeignKey, pathOf } from '@dsem/schema';
import { tableIn } from '../lookup.js';
import { sameReference } from '../reference.js';
import { rule } from '../rule.js';

const actions = ({ onDelete = 'no action', onUpdate = 'no action' }: ForeignKey): string =>
  `on delete ${onDelete}, on update ${onUpdate}`;

export const changeForeignKeyAction = rule({
  id: 'change-fk-action',
  title: 'A foreign key acts differently',
  severity: 'warning',
  hazard: 'data-loss',
  breaks: [],
  bump: 'minor',
  why: 'Deleting or updating a row spreads to others in another way than old programs expect.',
  fix: 'Check every program that deletes or updates the referenced rows.',
  on: ['add-foreign-key', 'alter-foreign-key'],
  check: (change, { from }) => {
    const next = change.kind === 'add-foreign-key' ? change.foreignKey : change.to;
    const old = tableIn(from, change.table)?.foreignKeys.find((key) => sameReference(key, next));
    if (old === undefined || actions(old) === actions(next)) return [];
    return [
      {
        object: change.object,
        message: `Foreign key ${change.object} changes from ${actions(old)} to ${actions(next)}`,
        touches: [pathOf(next.references)],
      },
    ];
  },
});
