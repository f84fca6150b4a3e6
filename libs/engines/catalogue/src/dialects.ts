import type { Dialect } from '@dsem/engine';
import { postgresqlDialect } from '@dsem/engine-postgresql';
import { type EngineName, Refusal } from '@dsem/schema';
import { compileGrammarsOnce } from './webassembly.js';

compileGrammarsOnce();

/** The one list of dialects. */
export const dialects = {
  postgresql: postgresqlDialect,
} satisfies Partial<Record<EngineName, Dialect>>;

const known: Partial<Record<EngineName, Dialect>> = dialects;

/** Thrown when no dialect reads and prints the engine's language. */
export class NoDialect extends Refusal {
  readonly code = 'DSEM-2006';
  readonly title = 'The engine is not known';
  readonly fix = `Use one of: ${Object.keys(dialects).join(', ')}.`;
}

/** The dialect of an engine. @throws NoDialect naming the engine */
export const dialectFor = (engine: EngineName): Dialect => {
  const dialect = known[engine];
  if (dialect === undefined) throw new NoDialect(`There is no dialect for ${engine} yet`);
  return dialect;
};
