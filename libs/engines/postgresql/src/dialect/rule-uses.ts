import type { Node } from '@pgsql/types';
import { columnReference, type Reference, relationReference, type Trigger } from '@dsem/schema';
import { columnsIn } from './normalize/tree.js';
import { relationOf } from './parse/names.js';
import { referencesIn } from './references.js';
import { ruleTrees, writtenBy } from './rule-trees.js';

const ofWritten = (command: Node): readonly Reference[] => {
  const written = writtenBy(command);
  if (!written?.relation) return [];
  const table = relationOf(written.relation);
  const named = written.targets.flatMap((node) => {
    if ('ResTarget' in node) return [node.ResTarget.name ?? ''];
    return 'IndexElem' in node ? [node.IndexElem.name ?? ''] : [];
  });
  return [
    relationReference(table),
    ...[...named, ...columnsIn(command)].map((column) => columnReference(table, column)),
  ];
};

/** What a rule names: what its commands read and write, and columns of its own table. O(nodes). */
export const ruleUses = (rule: Trigger): readonly Reference[] =>
  ruleTrees(rule).flatMap((tree) => [
    ...referencesIn(tree),
    ...ofWritten(tree),
    ...columnsIn(tree).map((column) => columnReference(rule.table, column)),
  ]);
