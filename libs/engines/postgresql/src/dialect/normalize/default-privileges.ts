import { defaultPrivilegesIn, defaultPrivilegesKind, defaultPrivilegesOf } from '../default-privileges.js';
import type { Normalizer } from './object.js';

/** Default privileges in normal form. */
export const defaultPrivilegesNormalizers: { readonly [kind: string]: Normalizer } = {
  [defaultPrivilegesKind]: (object) => defaultPrivilegesOf(defaultPrivilegesIn(object)),
};
