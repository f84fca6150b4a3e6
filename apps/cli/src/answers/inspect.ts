import { dialectFor } from '@dsem/catalogue';
import { digest, type EngineName, type Schema } from '@dsem/schema';

/** What `inspect` tells of a state. */
export interface InspectAnswer {
  readonly engine: EngineName;
  readonly digest: string;
  readonly definition: Schema;
  readonly sql: string;
}

/** DDL that rebuilds the state, a statement per paragraph. */
export const sqlOf = (schema: Schema): string =>
  dialectFor(schema.engine)
    .print(schema)
    .map((statement) => `${statement};\n`)
    .join('\n');

export const inspectAnswer = (schema: Schema): InspectAnswer => ({
  engine: schema.engine,
  digest: digest(schema),
  definition: schema,
  sql: sqlOf(schema),
});
