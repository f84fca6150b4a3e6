// Builds, then serves.
import { build, run, standalone } from './programs.mjs';

await build();
process.exit(await run([...standalone, ...process.argv.slice(2)]));
