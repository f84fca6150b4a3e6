import type { RuleStmt } from '@pgsql/types';
import type { Attributes, Trigger } from '@dsem/schema';
import { printTree } from '../grammar.js';
import { commandsText, relationsOfCommands } from '../rule-trees.js';
import { type RuleAttributes, ruleKey } from '../types/rules.js';
import { relationOf } from './names.js';

const events: { readonly [command: string]: RuleAttributes['event'] | undefined } = {
  CMD_INSERT: 'insert',
  CMD_UPDATE: 'update',
  CMD_DELETE: 'delete',
};

/** A rule as CREATE RULE says it; undefined for one on SELECT, which makes a view. */
export const ruleOf = (statement: RuleStmt): Trigger | undefined => {
  const event = events[statement.event ?? ''];
  if (event === undefined) return undefined;
  const commands = statement.actions ?? [];
  const text = commandsText(commands);
  const attributes: RuleAttributes = {
    rule: true,
    event,
    ...(statement.instead ? { instead: true } : {}),
    ...(statement.whereClause ? { when: printTree(statement.whereClause) } : {}),
  };
  return {
    name: ruleKey(statement.rulename ?? ''),
    table: relationOf(statement.relation),
    body: { text, normal: text, uses: relationsOfCommands(commands) },
    attributes: attributes as unknown as Attributes,
  };
};
