import type { Node } from '@pgsql/types';
import { InconsistentDefinition, type Location, type RenameHint } from '@dsem/schema';
import { splitName } from '../identifiers.js';
import { defaultNamespace } from '../types.js';
import { createdName } from './statement-names.js';

/** `-- dsem: renamed from old_name` in front of a table or column; `column` as it is written behind the comment. */
export interface WrittenHint {
  readonly was: readonly string[];
  readonly column?: string;
  readonly location: Location;
}

const hint = /--[ \t]*dsem:[ \t]*renamed[ \t]+from[ \t]+("(?:[^"]|"")*"(?:\."(?:[^"]|"")*")?|[^\s"]+)[ \t]*$/gim;
const behind = /(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*("(?:[^"]|"")*"|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)?/y;

const nameBehind = (text: string, unit: number): string => {
  behind.lastIndex = unit;
  return splitName(behind.exec(text)?.[1] ?? '')[0] ?? '';
};

/** The hints of a statement that stands between two offsets, its first word at `word`. O(length). */
export const hintsBetween = (
  text: string,
  [start, end]: readonly [number, number],
  word: number,
  locate: (unit: number) => Location,
): readonly WrittenHint[] => {
  const within = text.slice(start, end);
  if (!within.includes('dsem:')) return [];
  return [...within.matchAll(hint)].map((found) => {
    const at = start + found.index;
    const was = splitName(found[1]!);
    const location = locate(at);
    return at < word ? { was, location } : { was, column: nameBehind(text, at + found[0].length), location };
  });
};

const columnsOf = (node: Node): ReadonlySet<string> =>
  new Set(
    'CreateStmt' in node
      ? (node.CreateStmt.tableElts ?? []).flatMap((one) => ('ColumnDef' in one ? [one.ColumnDef.colname ?? ''] : []))
      : [],
  );

/** What the hints of a statement say, once its names are written out. @throws InconsistentDefinition when one is out of place */
export const hintsOf = (node: Node, hints: readonly WrittenHint[]): readonly RenameHint[] => {
  if (hints.length === 0) return [];
  const columns = columnsOf(node);
  const created = 'CreateStmt' in node ? createdName(node) : undefined;
  return hints.map(({ was, column, location }) => {
    if (!created || (column !== undefined && !columns.has(column)))
      throw new InconsistentDefinition(
        `The hint "renamed from ${was.join('.')}" stands in front of no table or column.`,
        { location },
      );
    const table = { namespace: created.namespace ?? defaultNamespace, name: created.name };
    const namespace = was.length > 1 ? was[0]! : table.namespace;
    const name = was.at(-1)!;
    return column === undefined ? { table, was: { namespace, name } } : { table, column, was: { name } };
  });
};
