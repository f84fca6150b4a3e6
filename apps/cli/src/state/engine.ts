import { extname } from 'node:path';
import type { EngineName } from '@dsem/schema';
import { CliProblem, usage } from '../problem.js';
import type { SourceFile } from './files.js';

const names: readonly EngineName[] = ['postgresql', 'mysql', 'mongodb', 'cassandra', 'sqlserver', 'oracle'];

/** An engine's name as typed. @throws CliProblem listing the engines */
export const engineNamed = (text: string): EngineName => {
  const found = names.find((name) => name === text.toLowerCase());
  if (found !== undefined) return found;
  const fix = `Use one of: ${names.join(', ')}.`;
  throw new CliProblem(
    'DSEM-2006',
    'The engine is not known',
    `There is no engine ${JSON.stringify(text.slice(0, 100))}.`,
    fix,
  );
};

const ofExtension: Readonly<Record<string, EngineName | undefined>> = { '.cql': 'cassandra' };

/** What the tools of an engine write at the top of their dumps. */
const headers: readonly (readonly [RegExp, EngineName])[] = [
  [/^-- PostgreSQL database( cluster)? dump/mu, 'postgresql'],
  [/^-- (MySQL|MariaDB) dump /mu, 'mysql'],
];

const ofText = ({ file, text }: SourceFile): EngineName | undefined =>
  ofExtension[extname(file).toLowerCase()] ?? headers.find(([mark]) => mark.test(text.slice(0, 2000)))?.[1];

/** The engine of some texts when they are certain about it. */
export const engineOfTexts = (sources: readonly SourceFile[]): EngineName | undefined => {
  for (const source of sources) {
    const engine = ofText(source);
    if (engine !== undefined) return engine;
  }
  return undefined;
};

/** Thrown when nothing says which engine's language a text is in. */
export const engineUnknown = (input: string): CliProblem =>
  usage(`Nothing in ${input} says for certain which engine it is for.`, `Say --engine ${names.join(' | ')}.`);
