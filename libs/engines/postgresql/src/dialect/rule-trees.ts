import type { DeleteStmt, InsertStmt, Node, NotifyStmt, RangeVar, UpdateStmt } from '@pgsql/types';
import { pathOf, type Trigger } from '@dsem/schema';
import { expressionTree, printTree, statementsOf } from './grammar.js';
import { literal, shortest } from './identifiers.js';
import { relationsIn } from './normalize/relations.js';
import { relationOf } from './parse/names.js';
import { attributesAs } from './types/code.js';
import type { RuleAttributes } from './types/rules.js';

/** The commands of a rule as trees. */
export const ruleCommands = (text: string): readonly Node[] =>
  statementsOf(text).flatMap(({ stmt }) => (stmt ? [stmt] : []));

const notifyText = ({ conditionname = '', payload }: NotifyStmt): string =>
  `NOTIFY ${shortest(conditionname)}${payload === undefined ? '' : `, ${literal(payload)}`}`;

/** Commands as the text that a rule keeps. */
export const commandsText = (commands: readonly Node[]): string =>
  commands.map((one) => ('NotifyStmt' in one ? notifyText(one.NotifyStmt) : printTree(one))).join('; ');

/** The condition and the commands of a rule, as trees. */
export const ruleTrees = (rule: Trigger): readonly Node[] => {
  const { when } = attributesAs<RuleAttributes>(rule);
  return [...(when === undefined ? [] : [expressionTree(when)]), ...ruleCommands(rule.body.text)];
};

/** What a command writes to, and the columns that it names there. */
export interface Written {
  readonly relation: RangeVar | undefined;
  readonly targets: readonly Node[];
}

/** What a command writes; undefined where it only reads. */
export const writtenBy = (command: Node): Written | undefined => {
  if ('InsertStmt' in command) return ofInsert(command.InsertStmt);
  if ('UpdateStmt' in command) return ofUpdate(command.UpdateStmt);
  return 'DeleteStmt' in command ? ofDelete(command.DeleteStmt) : undefined;
};

const ofInsert = ({ relation, cols = [], onConflictClause }: InsertStmt): Written => ({
  relation,
  targets: [...cols, ...(onConflictClause?.targetList ?? []), ...(onConflictClause?.infer?.indexElems ?? [])],
});
const ofUpdate = ({ relation, targetList = [] }: UpdateStmt): Written => ({ relation, targets: targetList });
const ofDelete = ({ relation }: DeleteStmt): Written => ({ relation, targets: [] });

/** Paths of the tables and views that commands read and write. */
export const relationsOfCommands = (commands: readonly Node[]): readonly string[] => {
  const written = commands.flatMap((command) => {
    const target = writtenBy(command)?.relation;
    return target ? [relationOf(target)] : [];
  });
  return [...new Set([...written, ...relationsIn(commands)].map((name) => pathOf(name)))].sort();
};
