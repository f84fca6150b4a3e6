import type { AlterCollationStmt, DefineStmt, Node } from '@pgsql/types';
import { pathOf } from '@dsem/schema';
import type { CollationDefinition } from '../collations.js';
import { definition, definitionOf, objectKinds } from '../objects.js';
import { nameParts } from '../type-names.js';
import { contradict, type Draft, onlyServer, refuse, type Site } from './draft.js';
import { type Full, nameOf, partsOfNode } from './names.js';
import { addObject, findObject } from './objects.js';
import { elementsOf, isOn, optionText } from './options.js';

const { kind } = objectKinds.collation;

type Parts = { readonly [Key in keyof CollationDefinition]: CollationDefinition[Key] | undefined };

const providerOf = (text: string, name: Full, site: Site): CollationDefinition['provider'] => {
  switch (text.toLowerCase()) {
    case 'libc':
      return undefined;
    case 'icu':
      return 'icu';
    case 'builtin':
      return 'builtin';
    default:
      return refuse(`The collation provider ${text} is not supported`, pathOf(name), site);
  }
};

const serverLocale = /^(.+)-x-icu$/;

/** What is copied: a collation of the definition, or one of the server's whose meaning its name tells. */
const copied = (draft: Draft, node: Node | undefined, name: Full, site: Site): Parts => {
  const parts = partsOfNode(node);
  const of = nameOf(parts);
  const isServers = parts.length === 1 || of.namespace === 'pg_catalog';
  const own = [...draft.others.values()].some((one) => one.kind === kind && pathOf(one) === pathOf(of));
  if (!own && isServers) {
    if (of.name === 'C' || of.name === 'POSIX') return { locale: of.name };
    const locale = serverLocale.exec(of.name)?.[1];
    if (locale !== undefined) return { provider: 'icu', locale };
    return onlyServer(`This copies the collation ${of.name} of the server`, pathOf(name), site);
  }
  return definitionOf<CollationDefinition>(findObject(draft, kind, of, site));
};

const option = (draft: Draft, defname: string, arg: Node | undefined, name: Full, site: Site): Parts => {
  switch (defname) {
    case 'from':
      return copied(draft, arg, name, site);
    case 'provider':
      return { provider: providerOf(optionText(arg), name, site) };
    case 'locale':
      return { locale: optionText(arg) };
    case 'lc_collate':
      return { lcCollate: optionText(arg) };
    case 'lc_ctype':
      return { lcCtype: optionText(arg) };
    case 'deterministic':
      return { deterministic: isOn(arg) ? undefined : false };
    case 'rules':
      return { rules: optionText(arg) };
    case 'version':
      return {};
    default:
      return refuse(`The collation option ${defname} is not supported`, pathOf(name), site);
  }
};

/** CREATE COLLATION. */
export const createCollation = (draft: Draft, statement: DefineStmt, site: Site): void => {
  const name = nameOf(nameParts(statement.defnames));
  const elements = elementsOf(statement.definition);
  const parts = elements.map(({ defname = '', arg }) => option(draft, defname.toLowerCase(), arg, name, site));
  const held = Object.assign({}, ...parts) as CollationDefinition;
  if (held.locale === undefined && (held.lcCollate === undefined || held.lcCtype === undefined))
    contradict(`The collation ${pathOf(name)} has no locale.`, pathOf(name), site);
  addObject(draft, { kind, ...name, definition: definition({ ...held }) }, statement.if_not_exists, site);
};

/** ALTER COLLATION ... REFRESH VERSION says nothing about the definition. */
export const alterCollation = (draft: Draft, statement: AlterCollationStmt, site: Site): void => {
  const name = nameOf(nameParts(statement.collname));
  findObject(draft, kind, name, site);
  draft.notes.push({ message: 'skipped REFRESH VERSION', ...site });
};
