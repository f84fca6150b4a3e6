import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Finding } from '@dsem/schema';
import type { Exit } from '../exit-codes.js';
import type { Io } from '../io.js';
import { CliProblem, usage } from '../problem.js';
import { version } from '../version.js';
import { jsonText } from './order.js';
import { type Paint, paint, wantsColor } from './paint.js';

export const formats = ['human', 'json', 'yaml', 'sql', 'sarif', 'junit', 'markdown', 'github'] as const;
export type Format = (typeof formats)[number];

/** What a verb found, in every form it can be told. */
export interface Result {
  /** How the run ends; default `fine`. */
  readonly exit?: Exit;
  /** The documented shape, without `schemaVersion`. */
  readonly json: object;
  readonly human: (paint: Paint) => string;
  /** Verbs that judge have them; without them there is no SARIF, JUnit, Markdown or GitHub form. */
  readonly findings?: readonly Finding[];
  /** What the findings are about, as a title. */
  readonly title?: string;
  readonly sql?: () => string;
}

export interface OutputOptions {
  readonly output: Format;
  readonly outputFile?: string;
  readonly color: boolean;
}

const withVersion = (json: object): object => ({ schemaVersion: 1, ...json });

const yamlText = async (json: object): Promise<string> => {
  const [{ stringify }, { ordered }] = await Promise.all([import('yaml'), import('./order.js')]);
  return stringify(ordered(json), { lineWidth: 0, aliasDuplicateObjects: false });
};

const needFindings = ({ findings }: Result, format: Format): readonly Finding[] => {
  if (findings === undefined) throw usage(`This verb has no findings, so there is no -o ${format}.`);
  return findings;
};

const judged = async (result: Result, format: 'sarif' | 'junit' | 'markdown' | 'github'): Promise<string> => {
  const findings = needFindings(result, format);
  const title = result.title ?? 'dsem';
  switch (format) {
    case 'sarif':
      return `${JSON.stringify((await import('./sarif.js')).sarif(findings, version), null, 2)}\n`;
    case 'junit':
      return (await import('./junit.js')).junit(findings, title);
    case 'markdown':
      return (await import('./markdown.js')).markdown(findings, title);
    case 'github':
      return (await import('./github.js')).github(findings);
    default:
      return format satisfies never;
  }
};

const text = (result: Result, { output, color }: OutputOptions): string | Promise<string> => {
  switch (output) {
    case 'human':
      return result.human(paint(color));
    case 'json':
      return jsonText(withVersion(result.json));
    case 'yaml':
      return yamlText(withVersion(result.json));
    case 'sql':
      if (result.sql === undefined) throw usage('This verb has no -o sql.');
      return result.sql();
    case 'sarif':
    case 'junit':
    case 'markdown':
    case 'github':
      return judged(result, output);
    default:
      return output satisfies never;
  }
};

/** Writes what a verb gives into the file of --output-file. @throws CliProblem */
export const writeBody = async (file: string, body: string, io: Io): Promise<void> => {
  try {
    await writeFile(resolve(io.cwd, file), body);
  } catch (cause) {
    throw new CliProblem(
      'DSEM-4001',
      'The output file cannot be written',
      (cause as Error).message,
      'Name a writable file.',
    );
  }
};

/** Tells the result in the form asked for, on standard output or into a file. */
export const emit = async (result: Result, options: OutputOptions, io: Io): Promise<void> => {
  const toStdout = options.outputFile === undefined;
  const color = toStdout && wantsColor(io.env, io.stdout.isTTY, options.color);
  const body = await text(result, { ...options, color });
  if (options.outputFile === undefined) io.stdout.write(body);
  else await writeBody(options.outputFile, body, io);
};
