import type { A_Const, Node } from '@pgsql/types';
import { plainDecimal } from './decimals.js';

type Place = { [key: string]: unknown };

const stringOf = (sval: string): Node => ({ String: { sval } });

const cast = (plain: string): Node => ({
  TypeCast: {
    arg: { A_Const: { sval: { sval: plain } } },
    typeName: { names: [stringOf('pg_catalog'), stringOf('numeric')], typemod: -1 },
  },
});

const plainNumber = (constant: A_Const | undefined): string | undefined => {
  const number = constant?.fval?.fval;
  if (number === undefined || !/e/i.test(number)) return undefined;
  const plain = plainDecimal(number);
  return /^-?\d+$/.test(plain) ? plain : undefined;
};

const visit = (value: unknown): void => {
  if (Array.isArray(value)) for (const one of value) visit(one);
  else if (typeof value === 'object' && value !== null) {
    const place = value as Place;
    const plain = plainNumber(place['A_Const'] as A_Const | undefined);
    if (plain !== undefined) {
      delete place['A_Const'];
      Object.assign(place, cast(plain));
    } else for (const held of Object.values(place)) if (typeof held === 'object') visit(held);
  }
};

/**
 * A tree in which `1e3` is `'1000'::numeric`, as the server keeps it: without an exponent it would be an integer. In place;
 * O(nodes), or O(text) where the text is given and has no exponent.
 */
export const withPlainNumbers = <Tree>(tree: Tree, text?: string): Tree => {
  if (text === undefined || /\de[+-]?\d/i.test(text)) visit(tree);
  return tree;
};
