import { type Resolution, resolutionsShape } from '@dsem/schema';
import { z } from 'zod';
import type { Io } from '../io.js';
import { readListed } from './listed.js';

const shape = z.strictObject({ resolutions: resolutionsShape });

/** The decisions in a file: a list, or an object with the list under `resolutions`. @throws CliProblem */
export const readResolutions = async (path: string, io: Io): Promise<readonly Resolution[]> =>
  (await readListed(path, io, { name: 'resolutions', shape, schema: 'Resolutions' })).resolutions;
