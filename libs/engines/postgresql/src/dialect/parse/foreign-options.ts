import type { Node } from '@pgsql/types';
import { type ForeignOptions, isSecret } from '../foreign.js';
import type { Draft, Site } from './draft.js';
import { elementsOf, optionText } from './options.js';

/** What options say to the object at a path: those that may hold a secret are left out with a note. */
export const withForeignOptions = (
  draft: Draft,
  earlier: ForeignOptions | undefined,
  nodes: readonly Node[] | undefined,
  object: string,
  site: Site,
): ForeignOptions | undefined => {
  const options = new Map(Object.entries(earlier ?? {}));
  for (const { defname = '', arg, defaction } of elementsOf(nodes)) {
    if (isSecret(defname)) {
      draft.notes.push({ message: `left out the option ${defname} of ${object}: it may hold a secret`, ...site });
    } else if (defaction === 'DEFELEM_DROP') options.delete(defname);
    else options.set(defname, optionText(arg));
  }
  return options.size === 0 ? undefined : Object.fromEntries(options);
};
