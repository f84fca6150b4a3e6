import type { Node } from '@pgsql/types';
import { type Attributes, onTablePath, type Routine, routinePath, type Trigger } from '@dsem/schema';
import { expressionTree, printTree, typeTree } from '../grammar.js';
import { sqlBodyText, sqlBodyTree } from '../normalize/sql-body.js';
import { nameSpelled, spelledName } from '../text-search.js';
import { nameParts, typeText } from '../type-names.js';
import { type AggregateAttributes, functionParts, typeParts } from '../types/aggregates.js';
import { attributesAs, type RoutineAttributes, type TriggerAttributes } from '../types/code.js';
import { isRule } from '../types/rules.js';
import type { Draft } from './draft.js';
import { moveRoutineGrants } from './grants-follow.js';
import { nameOf } from './names.js';
import { signatureOf } from './routine-noun.js';

/** Rewrites the names in a tree in place. */
export type Rewrite = (tree: Node) => void;

const inExpression = (text: string, rewrite: Rewrite): string => {
  const tree = expressionTree(text);
  rewrite(tree);
  return printTree(tree);
};

const inType = (native: string, rewrite: Rewrite): string => {
  const set = /^SETOF /.exec(native)?.[0] ?? '';
  const tree = typeTree(native.slice(set.length));
  rewrite({ TypeName: tree });
  return `${set}${typeText({ ...tree, typmods: [] }).replace(/^bpchar\b/, 'character')}`;
};

const inSqlBody = (text: string, rewrite: Rewrite): string => {
  const tree = sqlBodyTree(text);
  rewrite(tree);
  return sqlBodyText(tree);
};

const movedRoutine = (routine: Routine, rewrite: Rewrite): Routine => {
  const held = attributesAs<RoutineAttributes>(routine);
  const args = held.arguments?.map((one) => ({
    ...one,
    type: inType(one.type, rewrite),
    ...(one.default === undefined ? {} : { default: inExpression(one.default, rewrite) }),
  }));
  const text = held.sqlBody ? inSqlBody(routine.body.text, rewrite) : routine.body.text;
  const attributes: RoutineAttributes = { ...held, ...(args ? { arguments: args } : {}) };
  return {
    ...routine,
    signature: signatureOf(args ?? []),
    ...(routine.returns === undefined ? {} : { returns: inType(routine.returns, rewrite) }),
    body: { ...routine.body, text },
    attributes: attributes as unknown as Attributes,
  };
};

const inFunctionName = (text: string, rewrite: Rewrite): string => {
  const { namespace, name } = nameSpelled(text);
  const tree = { FuncCall: { funcname: [namespace, name].map((sval) => ({ String: { sval } })) } };
  rewrite(tree);
  return spelledName(nameOf(nameParts(tree.FuncCall.funcname)));
};

const inPart = (part: string, text: string, rewrite: Rewrite): string => {
  if (typeParts.has(part)) return inType(text, rewrite);
  return functionParts.has(part) ? inFunctionName(text, rewrite) : text;
};

const movedAggregate = (aggregate: Routine, rewrite: Rewrite): Routine => {
  const held = attributesAs<AggregateAttributes>(aggregate);
  const entries = Object.entries(held.parts).map(([part, text]) => [part, inPart(part, text, rewrite)] as const);
  const args = (held.arguments ?? []).map((one) => ({ ...one, type: inType(one.type, rewrite) }));
  const attributes: AggregateAttributes = {
    ...held,
    ...(args.length > 0 ? { arguments: args } : {}),
    parts: Object.fromEntries(entries),
  };
  return { ...aggregate, signature: signatureOf(args), attributes: attributes as unknown as Attributes };
};

const movedTrigger = (trigger: Trigger, rewrite: Rewrite): Trigger => {
  const held = attributesAs<TriggerAttributes>(trigger);
  const attributes: TriggerAttributes = {
    ...held,
    ...(held.when === undefined ? {} : { when: inExpression(held.when, rewrite) }),
  };
  const text = inExpression(trigger.body.text, rewrite);
  return { ...trigger, body: { ...trigger.body, text, normal: text }, attributes: attributes as unknown as Attributes };
};

/** Lets routines and triggers follow a new name; `isAbout` tells quickly whether one may name the object. */
export const followInCode = (draft: Draft, isAbout: (value: object) => boolean, rewrite: Rewrite): void => {
  for (const [key, routine] of [...draft.routines]) {
    if (!isAbout(routine)) continue;
    const moved = routine.kind === 'aggregate' ? movedAggregate(routine, rewrite) : movedRoutine(routine, rewrite);
    draft.routines.delete(key);
    draft.routines.set(routinePath(moved), moved);
    moveRoutineGrants(draft, routine, moved);
  }
  for (const trigger of [...draft.triggers.values()]) {
    if (!isRule(trigger) && isAbout(trigger)) draft.triggers.set(onTablePath(trigger), movedTrigger(trigger, rewrite));
  }
};
