import { isMadeAgain } from '../about/objects.js';
import { rule } from '../rule.js';
import { shown } from '../told.js';
import { isFreshPart } from '../world/apply.js';

/** A row security policy changes. */
export const changeRlsPolicy = rule({
  id: 'change-rls-policy',
  title: 'A row security policy changes',
  severity: 'error',
  hazard: 'security',
  why: 'Who sees and writes which rows changes at once.',
  fix: 'Have it reviewed by whoever is responsible for access.',
  on: ['create-policy', 'drop'],
  check: (act, scene) => {
    const name = act.kind === 'drop' ? act.name.name : act.name;
    const { table } = act;
    if (!table || (act.kind === 'drop' && act.what !== 'policy')) return [];
    const fresh = isFreshPart(scene.world, 'policy', table, name);
    const word = act.kind === 'drop' ? 'dropped' : act.what === 'alter' ? 'changed' : 'added';
    return fresh || (act.kind === 'drop' && isMadeAgain(act, scene))
      ? []
      : [{ object: shown(table, name), table, message: `The policy ${shown(table, name)} is ${word}` }];
  },
});
