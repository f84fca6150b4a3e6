import type { AlterTableCmd, CreateTrigStmt } from '@pgsql/types';
import { type Attributes, onTablePath, pathOf, type Trigger } from '@dsem/schema';
import { expressionTree, printTree } from '../grammar.js';
import { columnsIn, stringNodes, walk } from '../normalize/tree.js';
import { nameParts } from '../type-names.js';
import { attributesAs, type TriggerAttributes } from '../types/code.js';
import { isRule } from '../types/rules.js';
import { type Draft, keyOf, missing, type Site, twice } from './draft.js';
import { inTheWay } from './in-the-way.js';
import { type Full, sameName } from './names.js';
import { triggerOf } from './trigger-noun.js';

/** CREATE [OR REPLACE] TRIGGER. */
export const createTrigger = (draft: Draft, statement: CreateTrigStmt, site: Site): void => {
  const trigger = triggerOf(statement);
  const key = keyOf(trigger.table);
  if (!draft.tables.has(key) && !draft.views.has(key)) missing('relation', trigger.table, site);
  const path = onTablePath(trigger);
  const earlier = draft.triggers.get(path);
  if (earlier && !statement.replace) twice(`The trigger ${path}`, path, site);
  const comment = earlier?.comment === undefined ? {} : { comment: earlier.comment };
  draft.triggers.set(path, { ...trigger, ...comment });
};

/** The triggers of a table or view. O(triggers). */
export const triggersOn = (draft: Draft, relation: Full): readonly Trigger[] =>
  [...draft.triggers.values()].filter(({ table }) => sameName(table, relation));

/** Takes the triggers of a relation out of the draft along with it. */
export const dropTriggersOn = (draft: Draft, relation: Full): void => {
  for (const trigger of triggersOn(draft, relation)) draft.triggers.delete(onTablePath(trigger));
};

/** The trigger of a relation by name. @throws NotYetDefined when there is none */
export const triggerNamed = (draft: Draft, relation: Full, name: string, site: Site): Trigger =>
  draft.triggers.get(pathOf(relation, name)) ??
  missing('trigger', { ...relation, name: `${relation.name}.${name}` }, site);

const states: { readonly [subtype: string]: TriggerAttributes['enabled'] | 'usual' } = {
  AT_EnableTrig: 'usual',
  AT_EnableAlwaysTrig: 'always',
  AT_EnableReplicaTrig: 'replica',
  AT_DisableTrig: 'disabled',
  AT_EnableTrigAll: 'usual',
  AT_DisableTrigAll: 'disabled',
  AT_EnableTrigUser: 'usual',
  AT_DisableTrigUser: 'disabled',
};

/** ALTER TABLE ... ENABLE or DISABLE TRIGGER. */
export const switchTriggers = (draft: Draft, table: Full, { subtype, name }: AlterTableCmd, site: Site): void => {
  const state = states[subtype ?? ''];
  const chosen = name
    ? [triggerNamed(draft, table, name, site)]
    : triggersOn(draft, table).filter((one) => !isRule(one));
  for (const trigger of chosen) {
    const { enabled: _, ...rest } = attributesAs<TriggerAttributes>(trigger);
    const attributes = { ...rest, ...(state === 'usual' ? {} : { enabled: state }) } as unknown as Attributes;
    draft.triggers.set(onTablePath(trigger), { ...trigger, attributes });
  }
};

const namesColumn = (trigger: Trigger, column: string): boolean => {
  if (isRule(trigger)) return false;
  const { columns = [], when } = attributesAs<TriggerAttributes>(trigger);
  return columns.includes(column) || (when !== undefined && columnsIn(expressionTree(when)).includes(column));
};

/** Triggers that name a column go along with it, or stand in its way. */
export const dropTriggersNaming = (draft: Draft, table: Full, column: string, cascade: boolean, site: Site): void => {
  for (const trigger of triggersOn(draft, table).filter((one) => namesColumn(one, column))) {
    const path = pathOf(table, column);
    if (!cascade) inTheWay(`The column ${path}`, `the trigger ${onTablePath(trigger)} names it`, path, site);
    draft.triggers.delete(onTablePath(trigger));
  }
};

const renamedIn = (when: string, from: string, to: string): string => {
  const tree = expressionTree(when);
  walk(tree, (node) => {
    if (!('ColumnRef' in node)) return;
    const parts = nameParts(node.ColumnRef.fields);
    if (parts.length === 2 && parts[1] === from) node.ColumnRef.fields = stringNodes([parts[0] ?? '', to]);
  });
  return printTree(tree);
};

/** Lets the triggers of a table follow the new name of one of its columns. */
export const renameInTriggers = (draft: Draft, table: Full, from: string, to: string): void => {
  for (const trigger of triggersOn(draft, table).filter((one) => namesColumn(one, from))) {
    const held = attributesAs<TriggerAttributes>(trigger);
    const attributes: TriggerAttributes = {
      ...held,
      ...(held.columns ? { columns: held.columns.map((column) => (column === from ? to : column)) } : {}),
      ...(held.when === undefined ? {} : { when: renamedIn(held.when, from, to) }),
    };
    draft.triggers.set(onTablePath(trigger), { ...trigger, attributes: attributes as unknown as Attributes });
  }
};

/** ALTER TRIGGER ... RENAME. */
export const renameTrigger = (draft: Draft, table: Full, from: string, to: string, site: Site): void => {
  const trigger = triggerNamed(draft, table, from, site);
  const renamed = { ...trigger, name: to };
  const path = onTablePath(renamed);
  if (draft.triggers.has(path)) twice(`The trigger ${path}`, path, site);
  draft.triggers.delete(onTablePath(trigger));
  draft.triggers.set(path, renamed);
};

/** The triggers of a relation stand on it under its new name. */
export const moveTriggers = (draft: Draft, from: Full, to: Full): void => {
  for (const trigger of triggersOn(draft, from)) {
    const moved = { ...trigger, table: to };
    draft.triggers.delete(onTablePath(trigger));
    draft.triggers.set(onTablePath(moved), moved);
  }
};
