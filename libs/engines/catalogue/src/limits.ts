import type { Capabilities } from '@dsem/engine';
import { checkSize, pathOf, UnsupportedDefinition, type Schema } from '@dsem/schema';

/**
 * Refuses a state that is larger than what can be read again from its canonical JSON, or than what its engine takes:
 * text becomes a state without passing by the limits of JSON. O(objects and their parts).
 * @throws DefinitionTooLarge, UnsupportedDefinition naming the object, how many parts it has and the limit
 */
export const checkLimits = (schema: Schema, { columnsPerTable }: Capabilities): void => {
  checkSize(schema);
  const wide = schema.tables.find(({ columns }) => columns.length > columnsPerTable);
  if (wide === undefined) return;
  const name = pathOf(wide);
  const said = `table ${name} has ${wide.columns.length} columns, and ${schema.engine} allows ${columnsPerTable}`;
  throw new UnsupportedDefinition(said, { object: name });
};
