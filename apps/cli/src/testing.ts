import type { Io, Sink } from './io.js';
import { run } from './run.js';

/** What one command line gave. */
export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** What a command line is given beside its words. */
export interface Given {
  readonly stdin?: string | Uint8Array | AsyncIterable<Uint8Array>;
  readonly env?: Io['env'];
  readonly cwd?: string;
  readonly tty?: boolean;
}

const catching = (isTTY: boolean): Sink & { readonly text: () => string } => {
  const parts: string[] = [];
  return {
    isTTY,
    write: (text) => void parts.push(text),
    drained: () => Promise.resolve(),
    text: () => parts.join(''),
  };
};

async function* once(text: string | Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from(text as string));
}

/** Runs the program in this process with captured streams. */
export const dsem = async (argv: readonly string[], given: Given = {}): Promise<Outcome> => {
  const { stdin = '', env = {}, cwd = process.cwd(), tty = false } = given;
  const [stdout, stderr] = [catching(tty), catching(tty)];
  const input = typeof stdin === 'string' || stdin instanceof Uint8Array ? once(stdin) : stdin;
  const code = await run(argv, { stdin: input, stdout, stderr, env, cwd });
  return { code, out: stdout.text(), err: stderr.text() };
};
