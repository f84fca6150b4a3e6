import { checkLimits, dialectFor } from '@dsem/catalogue';
import type { ParsedState } from '@dsem/engine';
import { checkConsistency, type EngineName } from '@dsem/schema';
import type { SourceFile } from './files.js';

/** Reads texts in the engine's own language; what reads JSON is not loaded for that. */
export const readTexts = async (engine: EngineName, sources: readonly SourceFile[]): Promise<ParsedState> => {
  const { parse, capabilities } = dialectFor(engine);
  const parsed = await parse(sources);
  checkLimits(parsed.schema, capabilities);
  checkConsistency(parsed.schema);
  return parsed;
};
