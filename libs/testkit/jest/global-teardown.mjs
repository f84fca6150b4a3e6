// Stops every server that a spec of this run had started.
import { existsSync } from 'node:fs';
import { removeRunFolder } from './run-folder.mjs';

export default async function globalTeardown() {
  const folder = process.env.DSEM_TEST_RUN;
  if (folder !== undefined && existsSync(folder)) await removeRunFolder(folder);
}
