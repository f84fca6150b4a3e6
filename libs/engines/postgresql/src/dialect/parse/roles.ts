import type { Node, RoleSpec } from '@pgsql/types';
import { everybody } from '../grants.js';
import { onlyServer, type Site } from './draft.js';

const sessionWords: { readonly [type: string]: string } = {
  ROLESPEC_CURRENT_ROLE: 'CURRENT_ROLE',
  ROLESPEC_CURRENT_USER: 'CURRENT_USER',
  ROLESPEC_SESSION_USER: 'SESSION_USER',
};

/** The name of a role; `public` is everybody. @throws NeedsServer where it depends on who runs the statement */
export const roleNamed = ({ roletype, rolename }: RoleSpec, object: string, site: Site): string => {
  const word = sessionWords[roletype ?? ''];
  if (word !== undefined) onlyServer(`${word} means whoever runs the statement`, object, site);
  return roletype === 'ROLESPEC_PUBLIC' ? everybody : (rolename ?? '');
};

/** The roles of a list, each once; none where everybody is among them. */
export const rolesNamed = (nodes: readonly Node[] | undefined, object: string, site: Site): readonly string[] => {
  const names = (nodes ?? []).flatMap((node) => ('RoleSpec' in node ? [roleNamed(node.RoleSpec, object, site)] : []));
  return names.includes(everybody) ? [] : [...new Set(names)];
};
