import type { AlterTableCmd, Node, RuleStmt } from '@pgsql/types';
import { type Attributes, columnReference, onTablePath, pathOf, type Trigger } from '@dsem/schema';
import { relationsIn } from '../normalize/relations.js';
import { resolvedRule } from '../normalize/rules.js';
import { expressionTree, printTree } from '../grammar.js';
import { stringNodes, walk } from '../normalize/tree.js';
import { commandsText, ruleCommands, writtenBy } from '../rule-trees.js';
import { ruleUses } from '../rule-uses.js';
import { nameParts } from '../type-names.js';
import { attributesAs } from '../types/code.js';
import { isRule, type RuleAttributes, ruleKey } from '../types/rules.js';
import { type Draft, keyOf, missing, refuse, relationExists, type Site, twice } from './draft.js';
import { draftCatalogue } from './draft-catalogue.js';
import { inTheWay } from './in-the-way.js';
import { type Full, relationOf, sameName } from './names.js';
import { ruleOf } from './rule-noun.js';

const ofServer = /^(pg_|information_schema$)/;

/** What commands read and write has to be there first, as far as a definition holds it. */
const awaitRelations = (draft: Draft, commands: readonly Node[], site: Site): void => {
  const written = commands.flatMap((command) => {
    const target = writtenBy(command)?.relation;
    return target ? [relationOf(target)] : [];
  });
  const absent = [...written, ...relationsIn(commands)].find(
    (name) =>
      !ofServer.test(name.namespace) &&
      !ofServer.test(name.name) &&
      !['old', 'new'].includes(name.name) &&
      !relationExists(draft, name),
  );
  if (absent) missing('relation', absent, site);
};

/** CREATE [OR REPLACE] RULE. */
export const createRule = (draft: Draft, statement: RuleStmt, site: Site): void => {
  const rule = ruleOf(statement);
  const table = relationOf(statement.relation);
  if (!rule) return refuse('A rule on SELECT makes a view and is not supported, use CREATE VIEW', pathOf(table), site);
  const key = keyOf(table);
  if (!draft.tables.has(key) && !draft.views.has(key)) missing('relation', table, site);
  awaitRelations(draft, statement.actions ?? [], site);
  const path = onTablePath(rule);
  const earlier = draft.triggers.get(path);
  if (earlier && !statement.replace) twice(`The rule ${path}`, path, site);
  const { enabled } = attributesAs<RuleAttributes>(earlier ?? rule);
  const resolved = resolvedRule(rule, draftCatalogue(draft));
  draft.triggers.set(path, {
    ...resolved,
    ...(earlier?.comment === undefined ? {} : { comment: earlier.comment }),
    attributes: { ...resolved.attributes, ...(enabled ? { enabled } : {}) },
  });
};

/** The rule of a relation by name. @throws NotYetDefined when there is none */
export const ruleNamed = (draft: Draft, relation: Full, name: string, site: Site): Trigger =>
  draft.triggers.get(pathOf(relation, ruleKey(name))) ??
  missing('rule', { ...relation, name: `${relation.name}.${name}` }, site);

const states: { readonly [subtype: string]: RuleAttributes['enabled'] | 'usual' } = {
  AT_EnableRule: 'usual',
  AT_EnableAlwaysRule: 'always',
  AT_EnableReplicaRule: 'replica',
  AT_DisableRule: 'disabled',
};

/** ALTER TABLE ... ENABLE or DISABLE RULE. */
export const switchRule = (draft: Draft, table: Full, { subtype, name = '' }: AlterTableCmd, site: Site): void => {
  const rule = ruleNamed(draft, table, name, site);
  const state = states[subtype ?? ''];
  const { enabled: _, ...rest } = attributesAs<RuleAttributes>(rule);
  const attributes = { ...rest, ...(state === 'usual' ? {} : { enabled: state }) } as unknown as Attributes;
  draft.triggers.set(onTablePath(rule), { ...rule, attributes });
};

/** ALTER RULE ... RENAME. */
export const renameRule = (draft: Draft, table: Full, from: string, to: string, site: Site): void => {
  const rule = ruleNamed(draft, table, from, site);
  const renamed = { ...rule, name: ruleKey(to) };
  const path = onTablePath(renamed);
  if (draft.triggers.has(path)) twice(`The rule ${path}`, path, site);
  draft.triggers.delete(onTablePath(rule));
  draft.triggers.set(path, renamed);
};

const rulesIn = (draft: Draft): readonly Trigger[] => [...draft.triggers.values()].filter(isRule);

/** The rules of other relations whose commands read or write a relation. */
export const rulesReading = (draft: Draft, relation: Full): readonly Trigger[] =>
  rulesIn(draft).filter((rule) => !sameName(rule.table, relation) && rule.body.uses.includes(pathOf(relation)));

/** Rules whose commands need a relation that goes. */
export const dropRulesReading = (draft: Draft, relation: Full): void => {
  for (const rule of rulesReading(draft, relation)) draft.triggers.delete(onTablePath(rule));
};

/** Rules that name a column go along with it, or stand in its way. */
export const dropRulesNaming = (draft: Draft, table: Full, column: string, cascade: boolean, site: Site): void => {
  const reference = columnReference(table, column);
  for (const rule of rulesIn(draft).filter((one) => ruleUses(one).includes(reference))) {
    const path = pathOf(table, column);
    if (!cascade) inTheWay(`The column ${path}`, `the rule ${onTablePath(rule)} names it`, path, site);
    draft.triggers.delete(onTablePath(rule));
  }
};

/** Calls a name something else where a command uses it; the tree is changed in place. */
type Follow = (tree: Node) => void;

const followed = (rule: Trigger, follow: Follow): Trigger => {
  const { when, ...held } = attributesAs<RuleAttributes>(rule);
  const commands = ruleCommands(rule.body.text);
  for (const command of commands) follow(command);
  const condition = when === undefined ? undefined : expressionTree(when);
  if (condition) follow(condition);
  const text = commandsText(commands);
  const attributes: RuleAttributes = { ...held, ...(condition ? { when: printTree(condition) } : {}) };
  return {
    ...rule,
    body: { ...rule.body, text, normal: text },
    attributes: attributes as unknown as Attributes,
  };
};

/** The names under which a command, whose names are resolved, calls columns of a relation. */
const aliasesOf = (tree: Node, relation: Full, isOwn: boolean): ReadonlySet<string> => {
  const aliases = new Set<string>(isOwn ? ['old', 'new'] : []);
  const target = writtenBy(tree)?.relation;
  if (target && sameName(relationOf(target), relation)) {
    aliases.add(target.alias?.aliasname ?? target.relname ?? '');
    aliases.add('excluded');
  }
  walk(tree, (node) => {
    if ('RangeVar' in node && sameName(relationOf(node.RangeVar), relation))
      aliases.add(node.RangeVar.alias?.aliasname ?? node.RangeVar.relname ?? '');
  });
  return aliases;
};

const renameColumn = (tree: Node, table: Full, isOwn: boolean, from: string, to: string): void => {
  const aliases = aliasesOf(tree, table, isOwn);
  walk(tree, (node) => {
    if (!('ColumnRef' in node)) return;
    const [alias = '', column, ...more] = nameParts(node.ColumnRef.fields);
    if (column === from && more.length === 0 && aliases.has(alias)) node.ColumnRef.fields = stringNodes([alias, to]);
  });
  const written = writtenBy(tree);
  if (!written?.relation || !sameName(relationOf(written.relation), table)) return;
  for (const node of written.targets) {
    if ('ResTarget' in node && node.ResTarget.name === from) node.ResTarget.name = to;
    if ('IndexElem' in node && node.IndexElem.name === from) node.IndexElem.name = to;
  }
};

/** Lets rules follow the new name of a column. */
export const renameInRules = (draft: Draft, table: Full, from: string, to: string): void => {
  const reference = columnReference(table, from);
  for (const rule of rulesIn(draft).filter((one) => ruleUses(one).includes(reference))) {
    const isOwn = sameName(rule.table, table);
    draft.triggers.set(
      onTablePath(rule),
      followed(rule, (tree) => renameColumn(tree, table, isOwn, from, to)),
    );
  }
};

const renameAlias = (tree: Node, from: Full, to: Full): void => {
  if (!aliasesOf(tree, from, false).has(from.name)) return;
  walk(tree, (node) => {
    if (!('ColumnRef' in node)) return;
    const [alias, ...rest] = nameParts(node.ColumnRef.fields);
    if (alias === from.name && rest.length === 1) node.ColumnRef.fields = stringNodes([to.name, ...rest]);
  });
};

/** Lets rules follow the new name of an object; `rewrite` writes it into a tree. */
export const followInRules = (
  draft: Draft,
  { kind, from, to }: { readonly kind: string; readonly from: Full; readonly to: Full },
  rewrite: Follow,
): void => {
  for (const rule of rulesIn(draft)) {
    const moved = followed(rule, (tree) => {
      if (kind === 'relation') renameAlias(tree, from, to);
      rewrite(tree);
    });
    const uses = rule.body.uses.map((path) => (path === pathOf(from) ? pathOf(to) : path));
    draft.triggers.set(onTablePath(rule), { ...moved, body: { ...moved.body, uses } });
  }
};
