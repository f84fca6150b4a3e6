// Prepares the run's folder only; servers start when the first spec asks for one (src/servers/server.ts).
import { createRunFolder, removeStaleRunFolders } from './run-folder.mjs';

export default async function globalSetup() {
  await removeStaleRunFolders();
  process.env.DSEM_TEST_RUN = createRunFolder();
}
