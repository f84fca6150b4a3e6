import { contradict, type Site } from './draft.js';

/** What stands in the way of a DROP without CASCADE. @throws InconsistentDefinition naming both objects */
export const inTheWay = (what: string, reason: string, object: string, site: Site): never =>
  contradict(`${what} cannot be dropped: ${reason}. Drop that first, or write CASCADE.`, object, site);
