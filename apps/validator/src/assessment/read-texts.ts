import { ApiProblem } from '@dsem/api';
import { readDefinition, type DefinitionInput } from '@dsem/catalogue';
import type { ParsedState } from '@dsem/engine';
import { engineNameShape, type EngineName } from '@dsem/schema';

const engineOf = (database: EngineName | undefined, input: DefinitionInput): EngineName => {
  if (database !== undefined) return database;
  const named = typeof input === 'string' ? undefined : input['engine'];
  const engine = engineNameShape.safeParse(named ?? 'postgresql');
  if (!engine.success) throw new ApiProblem('DSEM-2006', `${JSON.stringify(named)} is no engine`);
  return engine.data;
};

/** Definitions of one engine in their normal form; the engine comes from the first one where it is not given. */
export const readTexts = async <Inputs extends readonly DefinitionInput[]>(
  database: EngineName | undefined,
  ...inputs: Inputs
): Promise<{ [Index in keyof Inputs]: ParsedState }> => {
  const engine = engineOf(database, inputs[0] ?? '');
  const states = await Promise.all(inputs.map((input) => readDefinition(engine, input)));
  return states as unknown as { [Index in keyof Inputs]: ParsedState };
};
