import type { Index, Table } from '@dsem/schema';
import { defaultNamespace } from './types.js';

/** Whether an index is the one of an exclusion constraint. */
export const isExclusion = ({ attributes }: Pick<Index, 'attributes'>): boolean => attributes?.['exclusion'] === true;

/** The exclusion constraints of a table. */
export const exclusionsOf = ({ indexes }: Pick<Table, 'indexes'>): readonly Index[] => indexes.filter(isExclusion);

/** An operator as the model spells it: one that the server finds by itself without its schema. */
export const operatorName = (parts: readonly string[]): string => {
  const [name = '', schema = 'pg_catalog'] = parts.toReversed();
  return schema === 'pg_catalog' || schema === defaultNamespace ? name : `${schema}.${name}`;
};

/** Schema and name of an operator of the model; names of operators hold no dot. */
export const operatorParts = (operator: string): readonly [schema: string | undefined, name: string] => {
  const at = operator.lastIndexOf('.');
  return at < 0 ? [undefined, operator] : [operator.slice(0, at), operator.slice(at + 1)];
};
