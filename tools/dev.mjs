// Builds on every change and restarts the standalone server: two watchers, one terminal.
import { build, runTogether, standalone, tsc } from './programs.mjs';

await build();
const compiler = [tsc, '-b', '--watch', '--preserveWatchOutput'];
process.exit(await runTogether([compiler, ['--watch', '--watch-preserve-output', ...standalone]]));
