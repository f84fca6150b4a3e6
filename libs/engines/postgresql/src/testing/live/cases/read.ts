import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A way from one state to another that somebody else thought of; what it needs runs first on both sides. */
export interface ForeignCase {
  readonly id: string;
  readonly suite: string;
  readonly from: string;
  /** What to plan for. */
  readonly to: string;
  /** What the server must show afterwards; mostly the same. */
  readonly goal: string;
  readonly roles: readonly string[];
  /** The case asks for a switch that its authors' tool has. */
  readonly switched: boolean;
}

interface Line {
  readonly id: string;
  readonly suite: string;
  readonly kind: string;
  readonly engine: string;
  readonly setup_ddl?: string;
  readonly from_ddl?: string;
  readonly to_ddl?: string;
  readonly change_ddl?: string;
  readonly needs?: { readonly roles?: readonly string[]; readonly search_path?: string };
  readonly options?: unknown;
  readonly expect?: { readonly final_ddl?: string };
}

/** Dumps of servers before 9.0 make the language that every database has since then. */
const withoutOldLanguage = (text: string): string =>
  text
    .replaceAll(/CREATE\s+(?:PROCEDURAL\s+)?LANGUAGE\s+plpgsql\s*;/giu, '')
    .replaceAll(/CREATE EXTENSION\s+(?="?plpgsql\b)/giu, 'CREATE EXTENSION IF NOT EXISTS ');

/** The roles that a text gives objects to. */
const ownersIn = (text: string): readonly string[] =>
  [...text.matchAll(/\bOWNER\s+TO\s+"?(\w+)/giu)]
    .map(([, role = '']) => role.toLowerCase())
    .filter((role) => role !== 'postgres');

const caseOf = (line: Line): ForeignCase => {
  const path = line.needs?.search_path;
  const before = `${path === undefined ? '' : `SET search_path TO ${path};\n`}${line.setup_ddl ?? ''}\n`;
  const from = line.from_ddl ?? '';
  const to = line.to_ddl ?? `${from}\n${line.change_ddl ?? ''}`;
  const text = (state: string): string => withoutOldLanguage(before + state);
  return {
    id: line.id,
    suite: line.suite,
    from: text(from),
    to: text(to),
    goal: text(line.expect?.final_ddl ?? to),
    roles: [...new Set([...(line.needs?.roles ?? []), ...ownersIn(from), ...ownersIn(to)])],
    switched: line.options !== undefined,
  };
};

/** The `diff` cases for PostgreSQL of every `.jsonl` file of a folder, in file order. O(bytes). */
export const foreignCases = (folder: string): readonly ForeignCase[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .toSorted()
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').trim().split('\n'))
    .map((line) => JSON.parse(line) as Line)
    .filter(({ kind, engine }) => kind === 'diff' && engine === 'postgres')
    .map(caseOf);
