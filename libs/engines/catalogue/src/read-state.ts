import { checkConsistency, EngineMismatch, parseDefinition, type EngineName, type Schema } from '@dsem/schema';
import { dialectFor } from './dialects.js';

/** A definition as a caller gives it: DDL text, or the canonical model as JSON. */
export type DefinitionInput = string | Readonly<Record<string, unknown>>;

const fromJson = async (engine: EngineName, input: Readonly<Record<string, unknown>>): Promise<Schema> => {
  const schema = parseDefinition({ engine, ...input });
  if (schema.engine !== engine) throw new EngineMismatch(`the definition is for ${schema.engine}, asked for ${engine}`);
  return dialectFor(engine).normalize(schema);
};

/**
 * Reads a definition into its normal form. O(definition).
 * @throws DefinitionSyntaxError, UnsupportedDefinition, DefinitionShapeError, InconsistentDefinition, EngineMismatch
 */
export const readState = async (engine: EngineName, input: DefinitionInput): Promise<Schema> => {
  const schema =
    typeof input === 'string'
      ? (await dialectFor(engine).parse([{ text: input }])).schema
      : await fromJson(engine, input);
  checkConsistency(schema);
  return schema;
};
