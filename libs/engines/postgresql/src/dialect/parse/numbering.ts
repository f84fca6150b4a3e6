import type { AlterTableCmd, Constraint } from '@pgsql/types';
import { type Column, type Identity, pathOf, type Table } from '@dsem/schema';
import { relationName } from './auto-names.js';
import { contradict, type Draft, keyOf, putTable, refuse, type Site } from './draft.js';
import type { Full } from './names.js';
import { elementsOf, resettled, type SequenceWords } from './options.js';
import { nameParts } from '../type-names.js';

/**
 * While statements are added up an identity column remembers the name of its sequence, which statements use and a
 * definition does not hold: a table that is renamed keeps the sequence's old name.
 */
const named = (column: Column, name: string): Column => ({
  ...column,
  attributes: { ...column.attributes, numberedBy: name },
});

const givenName = (node: Constraint | undefined): string | undefined => {
  const { arg } = elementsOf(node?.options).find(({ defname }) => defname === 'sequence_name') ?? {};
  return arg && 'List' in arg ? nameParts(arg.List.items).at(-1) : undefined;
};

/** An identity column with the name of its sequence; every other one as it is. */
export const numbered = (draft: Draft, table: Full, column: Column, node?: Constraint): Column => {
  if (!column.identity || column.attributes?.['numberedBy'] !== undefined) return column;
  return named(column, givenName(node) ?? relationName(draft, table, column.name, 'seq', false));
};

/** The identity column behind a sequence. */
export interface Numbered {
  readonly table: Table;
  readonly column: Column;
}

/** The identity column that draws from a sequence of that name. */
export const numberedBy = (draft: Draft, sequence: Full): Numbered | undefined => {
  const table = draft.tables.get(draft.numbering.get(keyOf(sequence)) ?? '');
  const column = table?.columns.find(({ attributes }) => attributes?.['numberedBy'] === sequence.name);
  return table && column ? { table, column } : undefined;
};

const put = (draft: Draft, { table, column }: Numbered, made: Column): void =>
  putTable(draft, { ...table, columns: table.columns.map((one) => (one === column ? made : one)) });

const told = (draft: Draft, what: string, { table, column }: Numbered, site: Site): void =>
  void draft.notes.push({ message: `skipped ${what} of the sequence of ${pathOf(table, column.name)}`, ...site });

/** Where numbers go on is data. */
export const tellRestart = (draft: Draft, words: SequenceWords, path: string, site: Site): void => {
  if (words.restart) draft.notes.push({ message: `skipped RESTART of ${path}: numbers are data`, ...site });
};

/** ALTER SEQUENCE of the sequence behind an identity column. */
export const alterNumbering = (draft: Draft, found: Numbered, words: SequenceWords, site: Site): void => {
  const path = pathOf(found.table, found.column.name);
  if (words.ownedBy) contradict(`The sequence of the identity column ${path} cannot have another owner.`, path, site);
  if (words.type !== undefined)
    refuse('Another type for the sequence of an identity column than its own is not supported', path, site);
  tellRestart(draft, words, `the sequence of ${path}`, site);
  const { always, options } = found.column.identity!;
  const identity: Identity = { always, ...resettled(words, found.column.type.native, options) };
  put(draft, found, { ...found.column, identity });
};

/** ALTER SEQUENCE ... RENAME of it: the name is no part of a definition. */
export const renameNumbering = (draft: Draft, found: Numbered, to: string, site: Site): void => {
  told(draft, `the name ${to}`, found, site);
  put(draft, found, named(found.column, to));
};

/** COMMENT ON SEQUENCE. */
export const commentNumbering = (draft: Draft, found: Numbered, site: Site): void =>
  told(draft, 'the comment', found, site);

const wordsOf: { readonly [subtype: string]: string | undefined } = {
  AT_ChangeOwner: 'OWNER TO',
  AT_SetLogged: 'SET LOGGED',
  AT_SetUnLogged: 'SET UNLOGGED',
};

/** What ALTER TABLE and the forms of ALTER SEQUENCE that are read the same way say of it. */
export const alterNumberingTable = (draft: Draft, found: Numbered, command: AlterTableCmd, site: Site): void => {
  const words = wordsOf[command.subtype ?? ''];
  const path = pathOf(found.table, found.column.name);
  if (words === undefined) refuse('This change of the sequence of an identity column is not supported', path, site);
  else told(draft, words, found, site);
};

/** @throws InconsistentDefinition where an identity column draws from a sequence, as its sequence goes and moves with it */
export const refuseNumbering = (draft: Draft, sequence: Full, what: string, site: Site): void => {
  const found = numberedBy(draft, sequence);
  if (!found) return;
  const path = pathOf(found.table, found.column.name);
  contradict(
    `The sequence ${pathOf(sequence)} cannot be ${what}: the identity column ${path} draws from it.`,
    path,
    site,
  );
};
