import type { AlterDomainStmt, Constraint, CreateDomainStmt, Node } from '@pgsql/types';
import { type Attributes, type Check, type DomainType, pathOf } from '@dsem/schema';
import { expressionTree, printTree } from '../grammar.js';
import { baseType, nameParts, typeText } from '../type-names.js';
import { constraintName } from './auto-names.js';
import { collationText } from '../normalize/collation.js';
import { already, claimType, contradict, type Draft, keyOf, putType, refuse, type Site, typeOf } from './draft.js';
import { type Full, nameOf } from './names.js';

const isNullConstant = (node: Node): boolean => 'A_Const' in node && node.A_Const.isnull === true;

const without = <Key extends keyof DomainType>(domain: DomainType, key: Key): DomainType => {
  const { [key]: _, ...rest } = domain;
  return rest as DomainType;
};

const checkOf = (draft: Draft, domain: DomainType, node: Constraint): Check => ({
  name: node.conname ?? constraintName(draft, domain, undefined, 'check', []),
  expression: printTree(node.raw_expr ?? expressionTree('true')),
  ...(node.skip_validation ? { validated: false as const } : {}),
});

const notNullName = (draft: Draft, domain: DomainType, node: Constraint): string =>
  node.conname ?? constraintName(draft, domain, undefined, 'not_null', []);

const addConstraint = (draft: Draft, name: Full, node: Constraint, site: Site): void => {
  const domain = domainOf(draft, name, site);
  const path = pathOf(name, node.conname ?? '');
  if (domain.checks.some((check) => check.name === node.conname))
    already(`The domain ${pathOf(name)} has two constraints named ${node.conname}.`, path, site);
  switch (node.contype) {
    case 'CONSTR_CHECK':
      return putType(draft, { ...domain, checks: [...domain.checks, checkOf(draft, domain, node)] });
    case 'CONSTR_NOTNULL':
      draft.notNullNames.set(keyOf(name), notNullName(draft, domain, node));
      return putType(draft, { ...domain, nullable: false });
    case 'CONSTR_NULL':
      return undefined;
    case 'CONSTR_DEFAULT':
      return setDefault(draft, name, node.raw_expr, site);
    default:
      return refuse(`A constraint of kind ${node.contype ?? 'unknown'} on a domain is not supported`, path, site);
  }
};

/** The default of NULL is none, and hides the one of a domain below. */
const setDefault = (draft: Draft, name: Full, value: Node | undefined, site: Site): void => {
  const domain = without(domainOf(draft, name, site), 'default');
  draft.openDefaults.delete(keyOf(name));
  putType(draft, value && !isNullConstant(value) ? { ...domain, default: printTree(value) } : domain);
};

/** The default a new domain takes over from the domain it is made of; that one may be defined further down. */
const inheritDefault = (draft: Draft, domain: DomainType, base: Full): void => {
  const below = draft.types.get(keyOf(base));
  if (!below) draft.openDefaults.add(keyOf(domain));
  if (below?.kind === 'domain' && below.default !== undefined) putType(draft, { ...domain, default: below.default });
};

/** Domains over domains that were defined further down take over their defaults. */
export const closeDomains = (draft: Draft): void => {
  for (const key of draft.openDefaults) {
    const domain = draft.types.get(key);
    if (domain?.kind !== 'domain') continue;
    const below = [...draft.types.values()].find(
      (type) => type.kind === 'domain' && sameNative(domain.base.native, type),
    );
    if (below?.kind === 'domain' && below.default !== undefined) putType(draft, { ...domain, default: below.default });
  }
};

const sameNative = (native: string, type: DomainType): boolean => native === nativeOf(type);

const nativeOf = (type: DomainType): string =>
  typeText({ names: [type.namespace ?? '', type.name].map((sval) => ({ String: { sval } })) });

/** CREATE DOMAIN. */
export const createDomain = (draft: Draft, statement: CreateDomainStmt, site: Site): void => {
  const name = nameOf(nameParts(statement.domainname));
  claimType(draft, name, site);
  if (!statement.typeName) return;
  const native = typeText(statement.typeName);
  const collation = statement.collClause && collationText(nameParts(statement.collClause.collname));
  const attributes: Attributes | undefined = collation === undefined ? undefined : { collation };
  const domain: DomainType = {
    kind: 'domain',
    ...name,
    base: { native, canonical: { kind: 'opaque', native } },
    nullable: true,
    checks: [],
    ...(attributes ? { attributes } : {}),
  };
  putType(draft, domain);
  const base = baseType(statement.typeName);
  if (!base.builtin && !native.endsWith('[]')) inheritDefault(draft, domain, base);
  for (const node of statement.constraints ?? []) {
    if ('Constraint' in node) addConstraint(draft, name, node.Constraint, site);
  }
};

const domainOf = (draft: Draft, name: Full, site: Site): DomainType => {
  const type = typeOf(draft, name, site);
  if (type.kind !== 'domain') return contradict(`The type ${pathOf(name)} is not a domain.`, pathOf(name), site);
  return type;
};

const isNotNull = (draft: Draft, domain: DomainType, constraint: string): boolean =>
  !domain.nullable && draft.notNullNames.get(keyOf(domain)) === constraint;

const unknown = (name: Full, constraint: string, site: Site): never => {
  const path = pathOf(name, constraint);
  return contradict(`The constraint ${path} is not defined.`, path, site);
};

const dropConstraint = (draft: Draft, name: Full, constraint: string, ifExists: boolean, site: Site): void => {
  const domain = domainOf(draft, name, site);
  if (isNotNull(draft, domain, constraint)) return putType(draft, { ...domain, nullable: true });
  const checks = domain.checks.filter((check) => check.name !== constraint);
  if (checks.length < domain.checks.length) return putType(draft, { ...domain, checks });
  return ifExists ? undefined : unknown(name, constraint, site);
};

const validate = (draft: Draft, name: Full, constraint: string, site: Site): void => {
  const domain = domainOf(draft, name, site);
  if (!domain.checks.some((check) => check.name === constraint)) unknown(name, constraint, site);
  const checks = domain.checks.map((check) => {
    const { validated: _, ...valid } = check;
    return check.name === constraint ? valid : check;
  });
  putType(draft, { ...domain, checks });
};

const setNullable = (draft: Draft, name: Full, nullable: boolean, site: Site): void => {
  const domain = domainOf(draft, name, site);
  if (domain.nullable === nullable) return;
  if (!nullable) draft.notNullNames.set(keyOf(name), constraintName(draft, name, undefined, 'not_null', []));
  putType(draft, { ...domain, nullable });
};

/** ALTER DOMAIN. */
export const alterDomain = (draft: Draft, statement: AlterDomainStmt, site: Site): void => {
  const name = nameOf(nameParts(statement.typeName));
  const { def, name: constraint = '' } = statement;
  switch (statement.subtype as string) {
    case 'T':
      return setDefault(draft, name, def, site);
    case 'N':
      return setNullable(draft, name, true, site);
    case 'O':
      return setNullable(draft, name, false, site);
    case 'C':
      return def && 'Constraint' in def ? addConstraint(draft, name, def.Constraint, site) : undefined;
    case 'X':
      return dropConstraint(draft, name, constraint, statement.missing_ok ?? false, site);
    case 'V':
      return validate(draft, name, constraint, site);
    default:
      return refuse('This form of ALTER DOMAIN is not supported', pathOf(name), site);
  }
};

/** ALTER DOMAIN ... RENAME CONSTRAINT. */
export const renameDomainConstraint = (draft: Draft, name: Full, from: string, to: string, site: Site): void => {
  const domain = domainOf(draft, name, site);
  const path = pathOf(name, to);
  if (domain.checks.some((check) => check.name === to)) already(`The constraint ${path} is defined twice.`, path, site);
  if (isNotNull(draft, domain, from)) draft.notNullNames.set(keyOf(name), to);
  else if (!domain.checks.some((check) => check.name === from)) unknown(name, from, site);
  putType(draft, {
    ...domain,
    checks: domain.checks.map((check) => (check.name === from ? { ...check, name: to } : check)),
  });
};
