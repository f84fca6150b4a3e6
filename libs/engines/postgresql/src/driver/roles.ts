import type { SourceText } from '@dsem/engine';
import { piecesOf } from '../dialect/parse/psql.js';
import { locator } from '../dialect/parse/place.js';
import { parsedWithin, textOf } from '../dialect/parse/statements.js';

const collect = (value: unknown, named: Set<string>): void => {
  if (typeof value !== 'object' || value === null) return;
  const fields = value as { readonly roletype?: unknown; readonly rolename?: unknown };
  if (fields.roletype === 'ROLESPEC_CSTRING' && typeof fields.rolename === 'string') named.add(fields.rolename);
  for (const held of Object.values(value)) collect(held, named);
};

/** Roles that scripts name in plain statements and do not make themselves. O(text). */
export const namedRoles = (sources: readonly SourceText[]): readonly string[] => {
  const [named, made] = [new Set<string>(), new Set<string>()];
  for (const { text, file } of sources) {
    for (const piece of piecesOf(text, locator(text, file))) {
      if (piece.kind !== 'statement') continue;
      const parsed = parsedWithin(textOf({ text }, piece));
      for (const { stmt } of 'statements' in parsed ? parsed.statements : []) {
        collect(stmt, named);
        if (stmt && 'CreateRoleStmt' in stmt) made.add(stmt.CreateRoleStmt.role ?? '');
      }
    }
  }
  return [...named].filter((name) => !made.has(name));
};
