import type { Node } from '@pgsql/types';
import { pathOf, type Routine } from '@dsem/schema';
import { plpgsqlFunction, statementsOf } from '../grammar.js';
import { literal, splitName } from '../identifiers.js';
import { nameOf } from '../parse/names.js';
import { routineHead } from '../routine-text.js';
import { isServerRoutine } from '../server-routines.js';
import { nameParts } from '../type-names.js';
import { relationsIn } from './relations.js';
import { walk } from './tree.js';

const ofServer = (namespace: string, name: string): boolean =>
  namespace === 'information_schema' || namespace === 'pg_catalog' || name.startsWith('pg_');

/** Paths of the relations and routines of the user that a tree names. O(nodes). */
export const namesIn = (tree: unknown): readonly string[] => {
  const found = new Set<string>();
  for (const name of relationsIn(tree)) if (!ofServer(name.namespace, name.name)) found.add(pathOf(name));
  walk({ SelectStmt: tree }, (node) => {
    if (!('FuncCall' in node)) return;
    const parts = nameParts(node.FuncCall.funcname);
    const own = parts.length === 1 && isServerRoutine(parts[0] ?? '');
    if (!own && parts[0] !== 'pg_catalog') found.add(pathOf(nameOf(parts)));
  });
  return [...found];
};

/** What is read into by `SELECT ... INTO x` in PL/pgSQL is a variable; the parser of bodies has taken it out already. */
const inStatements = (text: string): readonly string[] =>
  statementsOf(text).flatMap(({ stmt }) => (stmt ? namesIn(stmt as Node) : []));

const attempt = (texts: readonly string[]): readonly string[] | undefined => {
  for (const text of texts) {
    try {
      return inStatements(text);
    } catch {
      continue;
    }
  }
  return undefined;
};

const wordBefore =
  /\b(?:from|join|into|update|table|perform|call)\s+(?:only\s+)?((?:"(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*)(?:\.(?:"(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*))?)/giu;
const silent = /'(?:[^']|'')*'|--[^\n]*|\/\*[\s\S]*?\*\//g;
const notNames = new Set(['select', 'lateral', 'unnest', 'strict', 'set', 'values', 'only', 'generate_series']);

/** The names behind the words that stand before names, where the text cannot be read as code. */
const guessed = (text: string): readonly string[] =>
  [...text.replace(silent, ' ').matchAll(wordBefore)]
    .map(([, name = '']) => splitName(name))
    .filter(([first = '', ...more]) => more.length > 0 || !notNames.has(first.toLowerCase()))
    .map(nameOf)
    .filter(({ namespace, name }) => !ofServer(namespace, name))
    .map((name) => pathOf(name));

const assignment = /^[^'"=]*?:?=(?!=)/;

/** An expression, an assignment or a statement of PL/pgSQL. */
const inExpression = (query: string): readonly string[] =>
  attempt([query, `SELECT ${query}`, `SELECT ${query.replace(assignment, '')}`]) ?? guessed(query);

/** Every text inside a compiled block, with the key it stands under. */
const heldIn = (value: unknown, see: (key: string, held: string) => void): void => {
  if (Array.isArray(value)) for (const one of value) heldIn(one, see);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, held] of Object.entries(value)) {
      if (typeof held === 'string') see(key, held);
      else heldIn(held, see);
    }
  }
};

const rowType = /^(.+)%rowtype$/i;

const inBlock = (routine: Routine, text: string): readonly string[] => {
  const queries: string[] = [];
  const rows: string[] = [];
  try {
    const made = plpgsqlFunction(`CREATE ${routineHead(routine)} LANGUAGE plpgsql AS ${literal(text)}`);
    heldIn(made, (key, held) => {
      if (key === 'query') queries.push(held);
      if (key === 'typname') rows.push(...(rowType.exec(held)?.slice(1) ?? []));
    });
  } catch {
    return guessed(text);
  }
  return [...queries.flatMap(inExpression), ...rows.map((name) => pathOf(nameOf(splitName(name.trim()))))];
};

/** Paths that the code of a routine names, as well as its language lets them be told; sorted, each once. */
export const namesInCode = (routine: Routine): readonly string[] => {
  const { language, body } = routine;
  if (language === 'plpgsql') return sorted(inBlock(routine, body.text));
  return language === 'sql' ? sorted(attempt([body.text]) ?? guessed(body.text)) : [];
};

const sorted = (names: readonly string[]): readonly string[] => [...new Set(names)].sort();
