import { setFlagsFromString } from 'node:v8';

/**
 * Grammars are WebAssembly with a few very large functions. V8 would compile those a second time, with its optimizing
 * compiler: that takes 500 MB and a third of a second in the background of every process, and reading does not become
 * faster by it. Each flag alone leaves part of it on; the process has no other WebAssembly.
 */
export const compileGrammarsOnce = (): void => {
  for (const flag of ['--liftoff-only', '--no-wasm-tier-up', '--no-wasm-dynamic-tiering']) setFlagsFromString(flag);
};
