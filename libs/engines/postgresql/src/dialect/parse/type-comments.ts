import type { Node } from '@pgsql/types';
import { pathOf, type TypeDefinition } from '@dsem/schema';
import { nameParts } from '../type-names.js';
import { contradict, type Draft, keyOf, putType, type Site, typeOf } from './draft.js';
import { type Full, nameOf } from './names.js';

const commented = <Part extends { readonly name: string; readonly comment?: string }>(
  parts: readonly Part[],
  name: string,
  comment: string,
): readonly Part[] =>
  parts.map((part) => {
    if (part.name !== name) return part;
    const { comment: _, ...rest } = part;
    return (comment === '' ? rest : { ...rest, comment }) as Part;
  });

/** Whether a name is that of a composite type, whose attributes are commented like columns. */
export const isStruct = (draft: Draft, name: Full): boolean => draft.types.get(keyOf(name))?.kind === 'struct';

/** COMMENT ON COLUMN of a composite type. */
export const commentAttribute = (draft: Draft, name: Full, field: string, comment: string, site: Site): void => {
  const type: TypeDefinition = typeOf(draft, name, site);
  const path = pathOf(name, field);
  if (type.kind !== 'struct' || !type.fields.some((one) => one.name === field))
    return contradict(`The attribute ${path} is not defined.`, path, site);
  return putType(draft, { ...type, fields: commented(type.fields, field, comment) });
};

/** COMMENT ON CONSTRAINT ... ON DOMAIN; the NOT NULL of a domain is no object of a definition. */
export const commentDomainConstraint = (draft: Draft, object: Node | undefined, comment: string, site: Site): void => {
  const [domain, last] = object && 'List' in object ? (object.List.items ?? []) : [];
  const name = nameOf(domain && 'TypeName' in domain ? nameParts(domain.TypeName.names) : []);
  const [constraint = ''] = last ? nameParts([last]) : [];
  const type = typeOf(draft, name, site);
  const path = pathOf(name, constraint);
  if (type.kind === 'domain' && type.checks.some((check) => check.name === constraint))
    return putType(draft, { ...type, checks: commented(type.checks, constraint, comment) });
  if (draft.notNullNames.get(keyOf(name)) !== constraint)
    return contradict(`The constraint ${path} is not defined.`, path, site);
  draft.notes.push({ message: `skipped the comment on ${path}: NOT NULL has no comment in a definition`, ...site });
  return undefined;
};
