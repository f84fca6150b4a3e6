import type { IndexElem, Node } from '@pgsql/types';
import type { ObjectName } from '@dsem/schema';
import { identifierBytes } from '../identifiers.js';
import { outputName } from '../normalize/output-name.js';
import { constraintExists, type Draft, relationExists } from './draft.js';

const encoder = new TextEncoder();
const bytesOf = (text: string): number => encoder.encode(text).length;

/** The longest prefix of whole characters that fits into `limit` bytes. */
export const clip = (text: string, limit: number): string => {
  let kept = '';
  let used = 0;
  for (const char of text) {
    used += bytesOf(char);
    if (used > limit) break;
    kept += char;
  }
  return kept;
};

/** The server's `makeObjectName`: both names are shortened, the longer one first, until all fits into 63 bytes. */
export const objectName = (first: string, second: string | undefined, label: string): string => {
  const room = identifierBytes - (second === undefined ? 0 : 1) - (bytesOf(label) + 1);
  let one = bytesOf(first);
  let two = second === undefined ? 0 : bytesOf(second);
  while (one + two > room) {
    if (one > two) one -= 1;
    else two -= 1;
  }
  return [clip(first, one), ...(second === undefined ? [] : [clip(second, two)]), label].join('_');
};

const numbered = (pick: (suffix: string) => string, taken: (name: string) => boolean): string => {
  for (let pass = 0; ; pass += 1) {
    const name = pick(pass === 0 ? '' : String(pass));
    if (!taken(name)) return name;
  }
};

/** The server's `ChooseRelationName`: numbered until no relation (and no constraint, if it becomes one) has the name. */
export const relationName = (
  draft: Draft,
  table: ObjectName,
  second: string | undefined,
  label: string,
  constraint: boolean,
): string =>
  numbered(
    (suffix) => objectName(table.name, second, `${label}${suffix}`),
    (name) => {
      const full = { ...table, name };
      return relationExists(draft, full) || (constraint && constraintExists(draft, full));
    },
  );

/** The server's `ChooseConstraintName`; `others` are names given in the same statement and not yet in the draft. */
export const constraintName = (
  draft: Draft,
  table: ObjectName,
  second: string | undefined,
  label: string,
  others: readonly string[],
): string =>
  numbered(
    (suffix) => objectName(table.name, second, `${label}${suffix}`),
    (name) => others.includes(name) || constraintExists(draft, { ...table, name }),
  );

/** The server's `ChooseIndexNameAddition`: column names joined, cut after 63 bytes. */
export const joinedColumns = (columns: readonly string[]): string => {
  let text = '';
  for (const column of columns) {
    text += `${text === '' ? '' : '_'}${column}`;
    if (bytesOf(text) >= identifierBytes) return clip(text, identifierBytes);
  }
  return text;
};

const keyName = (element: IndexElem): string =>
  element.name ?? (element.expr === undefined ? 'expr' : (outputName(element.expr) ?? 'expr'));

/** The server's `ChooseIndexColumnNames`: duplicates are numbered. */
export const indexColumnNames = (elements: readonly Node[]): readonly string[] => {
  const names: string[] = [];
  for (const node of elements) {
    if (!('IndexElem' in node)) continue;
    const origin = keyName(node.IndexElem);
    names.push(
      numbered(
        (suffix) => (suffix === '' ? origin : `${clip(origin, identifierBytes - suffix.length)}${suffix}`),
        (name) => names.includes(name),
      ),
    );
  }
  return names;
};
