import { printTree } from './grammar.js';
import { stringNodes } from './normalize/tree.js';

/** The normal form of `column IS NOT NULL`. */
export const notNullCheck = (column: string): string =>
  printTree({
    NullTest: { arg: { ColumnRef: { fields: stringNodes([column]) } }, nulltesttype: 'IS_NOT_NULL' },
  });
