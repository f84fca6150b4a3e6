import { spawn, type ChildProcess } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');

/** A program of ours as a process. */
export interface Process {
  readonly child: ChildProcess;
  /** Everything it wrote. */
  readonly said: () => string;
  /** Exit code, or the signal's name. */
  readonly ended: Promise<number | string>;
}

/** Runs a program from its source, with these variables and no others of ours. */
export const run = (main: string, env: Record<string, string>): Process => {
  const flags = ['--conditions=@dsem/source', '--import', join(root, 'tools', 'typescript.mjs')];
  const kept = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '' };
  const child = spawn(process.execPath, [...flags, join(root, main)], { cwd: tmpdir(), env: { ...kept, ...env } });
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => void chunks.push(chunk.toString()));
  const ended = new Promise<number | string>((resolve) =>
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'nothing')),
  );
  return { child, said: () => chunks.join(''), ended };
};
