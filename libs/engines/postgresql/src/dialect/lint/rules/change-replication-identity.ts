import { rule } from '../rule.js';
import { shown } from '../told.js';

/** The replica identity of a table changes. */
export const changeReplicationIdentity = rule({
  id: 'change-replication-identity',
  title: 'The replica identity of a table changes',
  severity: 'warning',
  hazard: 'replication',
  why: 'Subscribers and change data capture find rows by other columns, and FULL writes every old row to the log.',
  fix: 'Tell the consumers first.',
  on: ['replica-identity'],
  check: ({ table, how }) => [
    { object: shown(table), table, message: `The replica identity of ${shown(table)} becomes ${how}` },
  ],
});
