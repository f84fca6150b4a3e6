import { type Actor, type Change, type Grant, isGrantOn, isOwnership, sidesOf } from '@dsem/schema';
import { type Hit, rule } from '../rule.js';

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

/** A grant of nothing says that what is so by default has been taken away. */
const withheld = (object: string, { grantee, on, privileges }: Grant): readonly Hit[] =>
  privileges.length > 0
    ? []
    : [{ object, message: `${grantee} loses what is granted by default on ${on}`, touches: [on] }];

/** Whether a role becomes the owner of what a grant stands on, who may do everything with it. */
const isOwner = ({ grantee, on }: Grant, changes: readonly Change[]): boolean =>
  changes.some((change) => {
    const { after } = sidesOf(change);
    if (after === undefined || !('grant' in after) || !isOwnership(after.grant)) return false;
    return after.grant.grantee === grantee && isGrantOn({ on }, after.grant.on);
  });

export const revoke = rule({
  id: 'revoke',
  title: 'A privilege is taken away',
  severity: 'error',
  hazard: 'security',
  breaks: ['OR', 'OW'],
  bump: 'major',
  why: 'Programs that run under the role are refused.',
  fix: 'Make sure that nobody uses the privilege any more, then revoke it.',
  on: ['create-grant', 'drop-grant', 'alter-grant'],
  check: (change, { changes }) => {
    if (change.kind === 'create-grant') return withheld(change.object, change.grant);
    const from = change.kind === 'drop-grant' ? change.grant : change.from;
    const privileges = lost(from, change.kind === 'alter-grant' ? change.to : undefined);
    const gone = changes.some(({ kind, object }) => kind.startsWith('drop-') && isGrantOn(from, object));
    if (privileges.length === 0 || gone || isOwner(from, changes)) return [];
    const message = `${from.grantee} loses ${privileges.join(', ')} on ${from.on}`;
    return [{ object: change.object, message, breaks: broken(privileges), touches: [from.on] }];
  },
});
