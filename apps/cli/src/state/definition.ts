import { extname } from 'node:path';
import type { Location } from '@dsem/schema';
import { CliProblem } from '../problem.js';
import type { SourceFile } from './files.js';

/** A canonical definition as read, before its shape is checked. */
export type Definition = Readonly<Record<string, unknown>>;

const broken = (detail: string, location: Location): CliProblem =>
  new CliProblem('DSEM-2001', 'The definition is not valid', detail, 'Correct the text at the place named.', location);

const shape = (detail: string, fix = 'Compare it with `dsem help json-schemas`.'): CliProblem =>
  new CliProblem('DSEM-2003', 'The definition has the wrong shape', detail, fix);

const failureOf = (text: string): string | undefined => {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
};

/** Whether a text is only the beginning of JSON, with nothing wrong in it so far. */
const onlyCut = (text: string): boolean => {
  const message = failureOf(text);
  if (message === undefined || /end of JSON|Unterminated/u.test(message)) return true;
  return Number(/position (\d+)/u.exec(message)?.[1] ?? -1) === text.length;
};

/** The offset of the first character that cannot follow what stands before it; V8 does not always tell it. O(n log n). */
const offsetOf = (text: string): number => {
  let [good, bad] = [0, text.length];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (onlyCut(text.slice(0, middle))) good = middle;
    else bad = middle;
  }
  return onlyCut(text) ? text.length : good;
};

const placeIn = (text: string): { readonly line: number; readonly column: number } => {
  const lines = text.slice(0, offsetOf(text)).split('\n');
  return { line: lines.length, column: [...(lines.at(-1) ?? '')].length + 1 };
};

const readJson = ({ text, file }: SourceFile): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw broken(`The JSON is broken: ${(error as Error).message.slice(0, 200)}.`, { file, ...placeIn(text) });
  }
};

const readYaml = async ({ text, file }: SourceFile): Promise<unknown> => {
  const { LineCounter, parseDocument } = await import('yaml');
  const lineCounter = new LineCounter();
  try {
    const document = parseDocument(text, { lineCounter, strict: true, uniqueKeys: true });
    const [error] = document.errors;
    if (error === undefined) return document.toJS({ maxAliasCount: 100 });
    if (error.message.startsWith('Maximum call stack')) throw new RangeError(error.message);
    const { line, col } = lineCounter.linePos(error.pos[0]);
    throw broken(`The YAML is broken: ${error.message.split('\n')[0] ?? ''}`, { file, line, column: col });
  } catch (error) {
    if (error instanceof CliProblem) throw error;
    if (error instanceof RangeError) throw shape(`${file} is nested too deeply.`, 'Flatten it.');
    throw shape(`${file} cannot be read as YAML: ${(error as Error).message}`);
  }
};

/** Reads one canonical definition; only that it is an object is known afterwards. */
export const readDefinition = async (source: SourceFile): Promise<Definition> => {
  const yaml = /^\.ya?ml$/iu.test(extname(source.file));
  const value = yaml ? await readYaml(source) : readJson(source);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw shape(`${source.file} must hold one object.`);
  return value as Definition;
};

/** Several definitions of one state add up: their collections are put behind each other. */
export const addUp = (definitions: readonly Definition[]): Definition => {
  const sum = Object.create(null) as Record<string, unknown>; // so that a key __proto__ is kept, and refused later
  for (const [key, value] of definitions.flatMap((definition) => Object.entries(definition))) {
    const before = sum[key];
    sum[key] =
      Array.isArray(before) && Array.isArray(value) ? [...(before as unknown[]), ...(value as unknown[])] : value;
  }
  return sum;
};
