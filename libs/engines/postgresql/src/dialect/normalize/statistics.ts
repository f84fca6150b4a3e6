import { allColumns } from '@dsem/schema';
import { definition, definitionOf } from '../objects.js';
import { type StatisticsDefinition, statisticsKinds } from '../statistics.js';
import { placed } from '../types.js';
import { normalExpression } from './expression.js';
import { needTexts, type Normalizer } from './object.js';
import { ownerOf } from './tables.js';

/** A statistics object: columns in name order, kinds only where some are left out. */
export const statisticsNormalizer: Normalizer = (object, find) => {
  const { table, columns = [], expressions = [], kinds, target } = definitionOf<Partial<StatisticsDefinition>>(object);
  needTexts('statistics object', object.name, table ?? {}, ['name']);
  const name = placed(table!);
  const known = find(name);
  const owner = ownerOf(name.name, known ? allColumns(known, find) : []);
  const counted = statisticsKinds.filter((one) => kinds?.includes(one));
  const isWhole = counted.length === 0 || counted.length === statisticsKinds.length;
  return {
    ...object,
    ...placed(object),
    definition: definition({
      table: name,
      columns: columns.length === 0 ? undefined : columns.toSorted(),
      expressions: expressions.length === 0 ? undefined : expressions.map((text) => normalExpression(text, owner)),
      kinds: isWhole ? undefined : counted,
      target,
    }),
  };
};
