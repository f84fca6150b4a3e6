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

/** Definitions by the name of their field, which errors tell as the file they are about. */
type Named = Readonly<Record<string, DefinitionInput>>;

/** Definitions of one engine in their normal form; the engine comes from the first one where it is not given. */
export const readTexts = async <Inputs extends Named>(
  database: EngineName | undefined,
  inputs: Inputs,
): Promise<{ [Name in keyof Inputs]: ParsedState }> => {
  const named = Object.entries(inputs);
  const engine = engineOf(database, named[0]?.[1] ?? '');
  const states = await Promise.all(
    named.map(async ([name, input]) => [name, await readDefinition(engine, input, name)] as const),
  );
  return Object.fromEntries(states) as { [Name in keyof Inputs]: ParsedState };
};
