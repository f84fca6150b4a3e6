import { type Partitioning, type Schema } from '@dsem/schema';
import { identifier, splitName } from '../identifiers.js';
import { keyAttributes } from '../normalize/partitioning.js';
import { collationText } from './column-text.js';

/** PARTITION BY with its keys. */
export const partitionByText = (partitioning: Partitioning, state: Schema): string => {
  const keys = keyAttributes(partitioning).map(({ expression, collation, opclass }, at) => {
    const key = partitioning.keys[at] ?? '';
    return [
      expression ? `(${key})` : identifier(key),
      ...(collation === undefined ? [] : [`COLLATE ${collationText(collation, state)}`]),
      ...(opclass === undefined ? [] : [splitName(opclass).map(identifier).join('.')]),
    ].join(' ');
  });
  return `PARTITION BY ${partitioning.strategy.toUpperCase()} (${keys.join(', ')})`;
};
