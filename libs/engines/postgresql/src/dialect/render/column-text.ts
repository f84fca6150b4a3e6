import type { Column, Schema } from '@dsem/schema';
import { foreignOptionsOf } from '../foreign.js';
import { identifier } from '../identifiers.js';
import { defaultNamespace } from '../types.js';
import { optionsClause } from './foreign.js';
import { notNullWords } from './not-null.js';
import { optionWords } from './sequences.js';

/** A collation of the model as SQL; a schema is told from a dot in the name by the schemas there are. */
export const collationText = (collation: string, state: Schema): string => {
  const dot = collation.indexOf('.');
  const namespace = collation.slice(0, Math.max(dot, 0));
  const known = namespace === defaultNamespace || state.namespaces.some(({ name }) => name === namespace);
  return known ? `${identifier(namespace)}.${identifier(collation.slice(dot + 1))}` : identifier(collation);
};

/** The column's collation as it is kept in the attributes. */
export const collationOf = (column: Pick<Column, 'attributes'>): string | undefined =>
  typeof column.attributes?.collation === 'string' ? column.attributes.collation : undefined;

/** `GENERATED ... AS IDENTITY`. */
export const identityText = ({ identity }: Column): string => {
  const words = optionWords(identity?.options);
  return `GENERATED ${identity?.always ? 'ALWAYS' : 'BY DEFAULT'} AS IDENTITY${words.length === 0 ? '' : ` (${words.join(' ')})`}`;
};

/** One column as it stands in CREATE TABLE or ADD COLUMN. */
export const columnText = (column: Column, state: Schema): string => {
  const collation = collationOf(column);
  const { generated } = column;
  return [
    identifier(column.name),
    `${column.type.native}${optionsClause(foreignOptionsOf(column))}`,
    ...(collation === undefined ? [] : [`COLLATE ${collationText(collation, state)}`]),
    ...(column.default === undefined ? [] : [`DEFAULT ${column.default}`]),
    ...(generated ? [`GENERATED ALWAYS AS (${generated.expression}) ${generated.stored ? 'STORED' : 'VIRTUAL'}`] : []),
    ...(column.identity ? [identityText(column)] : []),
    ...notNullWords(column),
  ].join(' ');
};
