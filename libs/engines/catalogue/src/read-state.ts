import type { ParsedState } from '@dsem/engine';
import { checkConsistency, EngineMismatch, hintsIn, parseDefinition, type EngineName, type Schema } from '@dsem/schema';
import { dialectFor } from './dialects.js';
import { checkLimits } from './limits.js';

/** A definition as a caller gives it: DDL text, or the canonical model as JSON. */
export type DefinitionInput = string | Readonly<Record<string, unknown>>;

const fromJson = async (engine: EngineName, input: Readonly<Record<string, unknown>>): Promise<ParsedState> => {
  const { definition, renamedFrom } = hintsIn(input);
  const schema = parseDefinition({ engine, ...definition });
  if (schema.engine !== engine) throw new EngineMismatch(`the definition is for ${schema.engine}, asked for ${engine}`);
  const normal = await dialectFor(engine).normalize(schema);
  return { schema: normal, notes: [], ...(renamedFrom.length > 0 && { renamedFrom }) };
};

/**
 * Reads a definition into its normal form, with notes on what was understood and left out. O(definition).
 * @throws DefinitionSyntaxError, UnsupportedDefinition, DefinitionShapeError, DefinitionTooLarge, InconsistentDefinition, EngineMismatch
 */
export const readDefinition = async (
  engine: EngineName,
  input: DefinitionInput,
  file?: string,
): Promise<ParsedState> => {
  const { parse, capabilities } = dialectFor(engine);
  const source = file === undefined ? {} : { file };
  const parsed = typeof input === 'string' ? await parse([{ text: input, ...source }]) : await fromJson(engine, input);
  checkLimits(parsed.schema, capabilities);
  checkConsistency(parsed.schema);
  return parsed;
};

/** The same for callers that only want the state. */
export const readState = async (engine: EngineName, input: DefinitionInput): Promise<Schema> =>
  (await readDefinition(engine, input)).schema;
