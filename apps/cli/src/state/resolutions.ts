import { type Resolution, resolutionsShape } from '@dsem/schema';
import { z } from 'zod';
import { CliProblem } from '../problem.js';
import { readDefinition } from './definition.js';
import type { SourceFile } from './files.js';

const fileShape = z.strictObject({ resolutions: resolutionsShape });

const asObject = ({ file, text }: SourceFile): SourceFile => ({
  file,
  text: /^\s*\[/u.test(text) ? `{"resolutions":${text}}` : text,
});

/** The decisions in a file: a list, or an object with the list under `resolutions`. @throws CliProblem */
export const readResolutions = async (source: SourceFile): Promise<readonly Resolution[]> => {
  const read = fileShape.safeParse(await readDefinition(asObject(source)));
  if (read.success) return read.data.resolutions;
  const [issue] = read.error.issues;
  const detail = `${source.file}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`;
  throw new CliProblem(
    'DSEM-2003',
    'The list of resolutions has the wrong shape',
    detail,
    'See `dsem help json-schemas`, Resolutions.',
  );
};
