import { createRequire } from 'node:module';

const read = createRequire(import.meta.url)('dsem/package.json') as { readonly version: string };

/** The program's version. */
export const version = read.version;
