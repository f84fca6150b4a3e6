import type { ConsumerContract } from '@dsem/compat';
import { z } from 'zod';
import type { Io } from '../io.js';
import { readListed } from './listed.js';

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

/** The contracts in a file. @throws CliProblem naming the first place that is wrong */
export const readConsumers = async (path: string, io: Io): Promise<readonly ConsumerContract[]> => {
  const { consumers } = await readListed(path, io, { name: 'consumers', shape: consumersShape, schema: 'Consumers' });
  return consumers.map(({ version, lastSeen, ...rest }) => ({
    ...rest,
    ...(version !== undefined && { version }),
    ...(lastSeen !== undefined && { lastSeen }),
  }));
};
