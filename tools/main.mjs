// Builds, then runs one of our programs, named by the file that it is compiled to.
import { build, run } from './programs.mjs';

await build();
process.exit(await run(process.argv.slice(2)));
