import { isFreshObject } from '../about/objects.js';
import { rule } from '../rule.js';
import { comesLater } from '../scene.js';

/** A privilege is taken away. */
export const revoke = rule({
  id: 'revoke',
  title: 'A privilege is taken away',
  severity: 'error',
  hazard: 'security',
  why: 'Clients that rely on it fail at once.',
  fix: 'Make sure that nobody needs it; take it away after the clients have moved.',
  on: ['revoke'],
  check: ({ on, from, names }, scene) => {
    const anybody = from === '' || from.toLowerCase() === 'public';
    const fresh = names.length > 0 && names.every((name) => isFreshObject(scene.world, name));
    const given = comesLater(scene, (act) => act.kind === 'harmless' && act.name === on && act.to === from);
    return fresh || given
      ? []
      : [
          {
            object: on,
            message: `${from || 'PUBLIC'} loses privileges on ${on}`,
            ...(anybody ? { severity: 'info' as const } : {}),
          },
        ];
  },
});
