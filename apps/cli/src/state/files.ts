import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join, relative, resolve } from 'node:path';
import type { Io } from '../io.js';
import { CliProblem } from '../problem.js';
import { inRunOrder, isWayBack, wayForward } from './migrations.js';
import { checkSize, readAll, textOf } from './bytes.js';

/** One text of a state with the name that problems show. */
export interface SourceFile {
  readonly file: string;
  readonly text: string;
}

/** File names that hold definitions. */
const definitionFile = /\.(sql|ddl|cql|js|json|ya?ml)$/iu;

const missing = (path: string, cause: unknown): CliProblem => {
  const { code, message } = cause as NodeJS.ErrnoException;
  const detail = code === 'ENOENT' ? `There is no file or folder ${path}.` : `${path} cannot be read: ${message}`;
  const fix =
    'Check the path. A state is a file, a folder, -, empty, a database URL, registry:<schema> or env:<environment>.';
  return new CliProblem('DSEM-4001', 'The input cannot be read', detail, fix);
};

const readOne = async (path: string, shown: string): Promise<SourceFile> => {
  try {
    checkSize((await stat(path)).size, shown);
    return { file: shown, text: wayForward(textOf(await readFile(path), shown)) };
  } catch (error) {
    throw error instanceof CliProblem ? error : missing(shown, error);
  }
};

const isHidden = (path: string): boolean => path.split(/[\\/]/u).some((part) => part.startsWith('.'));

/** The definition files below a folder, in the order in which migrations are run. */
const inFolder = async (folder: string, shown: string): Promise<readonly SourceFile[]> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((name) => definitionFile.test(name) && !isWayBack(name) && !isHidden(name))
    .sort(inRunOrder);
  if (names.length === 0) {
    const detail = `${shown} holds no .sql, .cql, .js, .json or .yaml file.`;
    throw new CliProblem(
      'DSEM-4001',
      'The folder holds no definition',
      detail,
      'Name the folder that holds the files.',
    );
  }
  return Promise.all(names.map((name) => readOne(join(folder, name), join(shown, name))));
};

/** The texts behind a path, or standard input for `-`. @throws CliProblem naming what is missing or no text */
export const readSources = async (input: string, io: Io): Promise<readonly SourceFile[]> => {
  if (input === '-') return [{ file: '<stdin>', text: textOf(await readAll(io.stdin, 'Standard input'), '<stdin>') }];
  const path = resolve(io.cwd, input);
  try {
    return (await stat(path)).isDirectory() ? await inFolder(path, input) : [await readOne(path, input)];
  } catch (error) {
    throw error instanceof CliProblem ? error : missing(input, error);
  }
};

/** Whether a text is a canonical definition instead of the engine's own language. */
export const isDefinition = ({ file, text }: SourceFile): boolean =>
  /^\.(json|ya?ml)$/iu.test(extname(file)) || /^\s*\{/u.test(text);
