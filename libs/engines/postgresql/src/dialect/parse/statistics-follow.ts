import type { Node } from '@pgsql/types';
import { engineObjectPath } from '@dsem/schema';
import { expressionTree, printTree } from '../grammar.js';
import { columnsIn } from '../normalize/tree.js';
import { definitionOf, objectKinds } from '../objects.js';
import type { StatisticsDefinition } from '../statistics.js';
import type { Draft } from './draft.js';
import type { Full } from './names.js';
import { putObject } from './objects.js';
import { withColumnAs } from './own-columns.js';
import { statistics } from './statistics-noun.js';
import { statisticsOn } from './statistics.js';

const mapOn = (draft: Draft, table: Full, map: (held: StatisticsDefinition) => StatisticsDefinition): void => {
  for (const object of statisticsOn(draft, table))
    putObject(draft, statistics(object, map(definitionOf<StatisticsDefinition>(object))));
};

/** Statistics objects of a table go along with it. */
export const dropStatisticsOn = (draft: Draft, table: Full): void => {
  for (const object of statisticsOn(draft, table)) draft.others.delete(engineObjectPath(object));
};

/** The server drops statistics objects along with a column that they count. */
export const dropStatisticsNaming = (draft: Draft, table: Full, column: string): void => {
  for (const object of statisticsOn(draft, table)) {
    const { columns = [], expressions = [] } = definitionOf<StatisticsDefinition>(object);
    const named = expressions.some((text) => columnsIn(expressionTree(text)).includes(column));
    if (named || columns.includes(column)) draft.others.delete(engineObjectPath(object));
  }
};

/** Statistics objects follow their table's new name. */
export const moveStatistics = (draft: Draft, from: Full, to: Full): void =>
  mapOn(draft, from, (held) => ({ ...held, table: to }));

/** Statistics objects follow a column's new name. */
export const renameInStatistics = (draft: Draft, table: Full, from: string, to: string): void =>
  mapOn(draft, table, ({ columns, expressions, ...held }) => ({
    ...held,
    ...(columns ? { columns: columns.map((one) => (one === from ? to : one)) } : {}),
    ...(expressions ? { expressions: expressions.map((text) => withColumnAs(text, from, to)) } : {}),
  }));

/** Lets expressions follow the new name of a type, a routine or a collation; `change` writes it into a tree. */
export const followInStatistics = (draft: Draft, name: string, change: (tree: Node) => void): void => {
  for (const object of [...draft.others.values()]) {
    const held = definitionOf<StatisticsDefinition>(object);
    if (object.kind !== objectKinds.statistics.kind || !held.expressions?.some((text) => text.includes(name))) continue;
    const expressions = held.expressions.map((text) => {
      const tree = expressionTree(text);
      change(tree);
      return printTree(tree);
    });
    putObject(draft, statistics(object, { ...held, expressions }));
  }
};
