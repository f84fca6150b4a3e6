import { type Actor, type Grant } from '@dsem/schema';
import { rule } from '../rule.js';

const reads = new Set(['select', 'read', 'find', 'references', 'usage']);

const broken = (privileges: readonly string[]): readonly Actor[] => {
  const readers = privileges.filter((privilege) => reads.has(privilege.toLowerCase()));
  return [
    ...(readers.length > 0 ? (['OR'] as const) : []),
    ...(readers.length < privileges.length ? (['OW'] as const) : []),
  ];
};

const lost = (from: Grant, to: Grant | undefined): readonly string[] =>
  from.privileges.filter((privilege) => to?.privileges.includes(privilege) !== true);

export const revoke = rule({
  id: 'revoke',
  title: 'A privilege is taken away',
  severity: 'error',
  hazard: 'security',
  breaks: ['OR', 'OW'],
  bump: 'major',
  why: 'Programs that run under the role are refused.',
  fix: 'Make sure that nobody uses the privilege any more, then revoke it.',
  on: ['drop-grant', 'alter-grant'],
  check: (change) => {
    const from = change.kind === 'drop-grant' ? change.grant : change.from;
    const privileges = lost(from, change.kind === 'alter-grant' ? change.to : undefined);
    if (privileges.length === 0) return [];
    const message = `${from.grantee} loses ${privileges.join(', ')} on ${from.on}`;
    return [{ object: change.object, message, breaks: broken(privileges), touches: [from.on] }];
  },
});
