import type { z } from 'zod';
import type { Io } from '../io.js';
import { CliProblem, usage } from '../problem.js';
import { readDefinition } from './definition.js';
import { readSources, type SourceFile } from './files.js';

/** A list that a file may hold by itself, or under its own name. */
export interface Listed<Shape extends z.ZodType> {
  /** The name, in the file and in what is told. */
  readonly name: string;
  /** The object with the list under the name. */
  readonly shape: Shape;
  /** What `dsem help json-schemas` calls it. */
  readonly schema: string;
}

const asObject = ({ file, text }: SourceFile, name: string): SourceFile => ({
  file,
  text: /^\s*\[/u.test(text) ? `{${JSON.stringify(name)}:${text}}` : text,
});

/**
 * What an option's file lists.
 * @throws CliProblem naming the first place that is wrong
 */
export const readListed = async <Shape extends z.ZodType>(
  path: string,
  io: Io,
  { name, shape, schema }: Listed<Shape>,
): Promise<z.output<Shape>> => {
  const [source] = await readSources(path, io);
  if (source === undefined) throw usage(`${path} holds nothing.`);
  const read = shape.safeParse(await readDefinition(asObject(source, name)));
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new CliProblem(
    'DSEM-2003',
    `The list of ${name} has the wrong shape`,
    `${source.file}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`,
    `See \`dsem help json-schemas\`, ${schema}.`,
  );
};
