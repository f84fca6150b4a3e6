import { isFreshObject } from '../about/objects.js';
import { rule } from '../rule.js';

/** A privilege is taken away. */
export const revoke = rule({
  id: 'revoke',
  title: 'A privilege is taken away',
  severity: 'error',
  hazard: 'security',
  why: 'Clients that rely on it fail at once.',
  fix: 'Make sure that nobody needs it; take it away after the clients have moved.',
  on: ['revoke'],
  check: ({ on, from, names }, { world }) => {
    const anybody = from === '' || from.toLowerCase() === 'public';
    const fresh = names.length > 0 && names.every((name) => isFreshObject(world, name));
    return fresh
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
