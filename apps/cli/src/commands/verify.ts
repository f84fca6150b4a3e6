import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ExportTrust, ExportVerdict } from '@dsem/ledger';
import { action, type Call, type Verb } from '../context.js';
import type { Io } from '../io.js';
import type { Paint } from '../output/paint.js';
import { printable } from '../output/printable.js';
import { count } from '../output/table.js';
import { CliProblem } from '../problem.js';

interface Options {
  readonly publicKey?: string;
  readonly witness?: string;
}

const unreadable = (path: string, cause: unknown): CliProblem =>
  new CliProblem('DSEM-4001', 'The input cannot be read', `${path}: ${(cause as Error).message}`, 'Check the path.');

async function* fileBytes(path: string, io: Io): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of createReadStream(resolve(io.cwd, path))) yield chunk as Uint8Array;
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** A value of an option, or the content of the file it names with @. */
const given = async (value: string | undefined, io: Io): Promise<string | undefined> => {
  if (value === undefined || !value.startsWith('@')) return value;
  try {
    return await readFile(resolve(io.cwd, value.slice(1)), 'utf8');
  } catch (error) {
    throw unreadable(value.slice(1), error);
  }
};

const trustOf = async ({ io, options }: Call<Options>): Promise<ExportTrust> => {
  const [publicKey, witness] = await Promise.all([given(options.publicKey, io), given(options.witness, io)]);
  return { ...(publicKey !== undefined && { publicKey }), ...(witness !== undefined && { witness }) };
};

const bad = (verdict: ExportVerdict): readonly string[] => {
  const { firstBadEntry, suspectEntries, firstBadLine, problem = '' } = verdict;
  return [
    ...(firstBadEntry === undefined ? [] : [`  first bad entry ${firstBadEntry}`]),
    ...(suspectEntries === undefined ? [] : [`  rewritten entry among ${suspectEntries.from} to ${suspectEntries.to}`]),
    ...(firstBadLine === undefined ? [] : [`  line ${firstBadLine}: ${printable(problem)}`]),
  ];
};

const human = (verdict: ExportVerdict, paint: Paint): string => {
  const { valid, entries, checkpoints, keySource, publicKey } = verdict;
  const head = valid
    ? paint.green('The audit trail is intact.')
    : paint.red('The audit trail was CHANGED or is damaged.');
  const lines = [
    paint.bold(head),
    `  ${count(entries, 'entry', 'entries')} and ${count(checkpoints, 'checkpoint')} are good`,
  ];
  const trust =
    keySource === 'header'
      ? ['  checked with the key that the export names itself; give --public-key to be sure of its origin']
      : [];
  const key = publicKey === undefined ? [] : [`  key ${printable(publicKey)}`];
  return `${[...lines, ...bad(verdict), ...key, ...trust].join('\n')}\n`;
};

/** `dsem verify EXPORT` */
export const verify: Verb = (command, run) => {
  command
    .argument('<export>', 'the exported trail (JSON Lines), or - for standard input')
    .option('--public-key <key>', 'the key of the audit service, from elsewhere than the export; @file reads it')
    .option('--witness <note>', 'the last checkpoint you have seen; @file reads it')
    .action(
      action<Options, [string]>(run, async (call, path) => {
        const { exportLines, verifyExport } = await import('@dsem/ledger');
        const bytes = path === '-' ? call.io.stdin : fileBytes(path, call.io);
        const verdict = await verifyExport(exportLines(bytes), await trustOf(call));
        return { exit: verdict.valid ? 'fine' : 'refused', json: verdict, human: (paint) => human(verdict, paint) };
      }),
    );
};
