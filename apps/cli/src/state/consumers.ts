import type { ConsumerContract } from '@dsem/compat';
import { z } from 'zod';
import { CliProblem } from '../problem.js';
import { readDefinition } from './definition.js';
import type { SourceFile } from './files.js';

const paths = z.array(z.string()).default([]);

/** What `--consumers` takes: the list, or an object with the list under `consumers`. */
export const consumersShape = z.strictObject({
  consumers: z.array(
    z.object({
      name: z.string().min(1),
      version: z.string().optional(),
      reads: paths,
      writes: paths,
      lastSeen: z.string().optional(),
    }),
  ),
});

const asObject = ({ file, text }: SourceFile): SourceFile => ({
  file,
  text: /^\s*\[/u.test(text) ? `{"consumers":${text}}` : text,
});

/** The contracts in a file. @throws CliProblem naming the first place that is wrong */
export const readConsumers = async (source: SourceFile): Promise<readonly ConsumerContract[]> => {
  const read = consumersShape.safeParse(await readDefinition(asObject(source)));
  if (read.success)
    return read.data.consumers.map(({ version, lastSeen, ...rest }) => ({
      ...rest,
      ...(version !== undefined && { version }),
      ...(lastSeen !== undefined && { lastSeen }),
    }));
  const [issue] = read.error.issues;
  const detail = `${source.file}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`;
  throw new CliProblem(
    'DSEM-2003',
    'The list of consumers has the wrong shape',
    detail,
    'See `dsem help json-schemas`, Consumers.',
  );
};
