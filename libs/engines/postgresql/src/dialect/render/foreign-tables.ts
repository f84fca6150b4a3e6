import type { Statement } from '@dsem/engine';
import type { Attributes, ChangeOf, ObjectName, Table } from '@dsem/schema';
import { foreignOptionsOf, serverOf } from '../foreign.js';
import { identifier, qualified } from '../identifiers.js';
import { optionsChange, optionsClause } from './foreign.js';
import { cannot, statement } from './statement.js';

type Attributed = { readonly attributes?: Attributes };

/** SERVER and OPTIONS of a foreign table that is made; nothing for a table of this database. */
export const foreignTail = (table: Table): readonly string[] => {
  const server = serverOf(table);
  return server === undefined ? [] : [`SERVER ${identifier(server)}${optionsClause(foreignOptionsOf(table))}`];
};

/** What brings the options of a foreign table from one set to another. Where its rows are cannot change. */
export const foreignChanges = (change: ChangeOf<'alter-table'>): readonly Statement[] => {
  const { from, to } = change;
  const [before, after] = [serverOf(from), serverOf(to)];
  if (before !== after) {
    const place = (server: string | undefined): string => (server === undefined ? 'here' : `on the server ${server}`);
    return cannot(
      change,
      `its rows are ${place(before)} and would be ${place(after)}, which no table can change; make another table`,
    );
  }
  const options = optionsChange(foreignOptionsOf(from), foreignOptionsOf(to));
  return options === '' ? [] : [statement(`ALTER FOREIGN TABLE ${qualified(to)}${options}`)];
};

/** The same for a column. */
export const columnForeignChanges = (
  table: ObjectName,
  column: string,
  from: Attributed,
  to: Attributed,
): readonly Statement[] => {
  const options = optionsChange(foreignOptionsOf(from), foreignOptionsOf(to));
  return options === ''
    ? []
    : [statement(`ALTER FOREIGN TABLE ${qualified(table)} ALTER COLUMN ${identifier(column)}${options}`)];
};
