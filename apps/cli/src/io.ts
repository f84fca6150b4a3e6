/** Where the program reads and writes; the process's own, or a spec's. */
export interface Sink {
  readonly isTTY: boolean;
  readonly write: (text: string) => void;
  /** Resolves when what was written has left, so that a long stream stays within bounded memory. */
  readonly drained: () => Promise<void>;
}

export interface Io {
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder that relative paths start from. */
  readonly cwd: string;
}

/** A reader that has gone away (`dsem diff | head`) is no error. */
const ignoreClosedPipe = (error: NodeJS.ErrnoException): void => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
};

const sink = (stream: NodeJS.WriteStream): Sink => {
  stream.on('error', ignoreClosedPipe);
  return {
    isTTY: stream.isTTY === true,
    write: (text) => void stream.write(text),
    drained: () => new Promise((resolve) => (stream.writableNeedDrain ? stream.once('drain', resolve) : resolve())),
  };
};

/** The streams of this process. */
export const processIo = (): Io => ({
  stdin: process.stdin,
  stdout: sink(process.stdout),
  stderr: sink(process.stderr),
  env: process.env,
  cwd: process.cwd(),
});
