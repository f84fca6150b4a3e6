import { type Column, type ObjectName, pathOf } from '@dsem/schema';
import { expressionTree } from '../grammar.js';
import { splitName } from '../identifiers.js';
import { stringOf, walk } from '../normalize/tree.js';
import { nameParts } from '../type-names.js';
import { type Draft, putTable, type Site } from './draft.js';
import { inTheWay } from './in-the-way.js';
import { type Full, nameOf, sameName } from './names.js';

interface Manner {
  readonly cascade: boolean;
  readonly site: Site;
}

const drawsFrom = (expression: string | undefined, sequence: ObjectName): boolean => {
  if (expression === undefined || !expression.includes(sequence.name)) return false;
  let found = false;
  walk(expressionTree(expression), (node) => {
    if (!('FuncCall' in node) || nameParts(node.FuncCall.funcname).at(-1) !== 'nextval') return;
    const [argument] = node.FuncCall.args ?? [];
    const text = stringOf(argument && 'TypeCast' in argument ? argument.TypeCast.arg : argument);
    found ||= text !== undefined && sameName(nameOf(splitName(text)), sequence);
  });
  return found;
};

/** Defaults that draw from a sequence go along with it, or stand in its way. O(columns). */
export const dropDefaultsFrom = (draft: Draft, sequence: Full, { cascade, site }: Manner): void => {
  const isUser = (column: Column): boolean => drawsFrom(column.default, sequence);
  for (const table of [...draft.tables.values()]) {
    const user = table.columns.find(isUser);
    if (!user) continue;
    const path = pathOf(sequence);
    if (!cascade) inTheWay(path, `the default of ${pathOf(table, user.name)} draws from it`, path, site);
    const columns = table.columns.map((column) => {
      const { default: _, ...rest } = column;
      return isUser(column) ? rest : column;
    });
    putTable(draft, { ...table, columns });
  }
};
