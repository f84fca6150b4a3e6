import type { CreateStmt, Node } from '@pgsql/types';
import { type Attributes, type Column, pathOf, type Table } from '@dsem/schema';
import { arranged, familyOf, inheritedAtFirst, parentNames, readChildColumn } from './children.js';
import type { Written } from './columns.js';
import { addConstraint, inServerOrder } from './constraints.js';
import { withoutTwins } from './twin-constraints.js';
import { claimRelation, type Draft, putTable, refuse, relationExists, type Site, twice } from './draft.js';
import { handDown } from './family.js';
import { addLikeParts, likeColumns, type Likeness, likenessOf } from './like.js';
import { type Full, relationOf } from './names.js';
import { asOwn } from './marks.js';
import { typeText } from '../type-names.js';
import { columnsOfType } from './typed-tables.js';
import { numbered } from './numbering.js';
import { storageOptions } from './options.js';

const unusual = (statement: CreateStmt): string | undefined => {
  if (statement.relation?.relpersistence === 't') return 'A temporary table cannot be part of a definition';
  if (statement.tablespacename) return 'A tablespace is not supported';
  if (statement.accessMethod && statement.accessMethod !== 'heap') return 'A table access method is not supported';
  return undefined;
};

const attributesOf = (statement: CreateStmt, more: Attributes): { readonly attributes?: Attributes } => {
  const options = storageOptions(statement.options);
  const attributes = {
    ...(statement.relation?.relpersistence === 'u' ? { unlogged: true } : {}),
    ...(options ? { options } : {}),
    ...(statement.ofTypename ? { ofType: typeText(statement.ofTypename) } : {}),
    ...more,
  };
  return Object.keys(attributes).length === 0 ? {} : { attributes };
};

interface Parts {
  readonly columns: readonly Column[];
  readonly constraints: readonly Written[];
  readonly likenesses: readonly Likeness[];
}

/** A table with the columns of its parents. */
interface Child {
  readonly name: Full;
  readonly parents: readonly Column[];
}

/** The elements of a table in their order; columns of LIKE stand where the clause stands. */
const partsOf = (draft: Draft, elements: readonly Node[], { name, parents }: Child, site: Site): Parts => {
  const parts = elements.map((node): Parts => {
    if ('ColumnDef' in node) {
      const { column, constraints } = readChildColumn(draft, name, node.ColumnDef, parents, site);
      return { columns: [column], constraints, likenesses: [] };
    }
    if ('Constraint' in node) return { columns: [], constraints: [{ node: node.Constraint }], likenesses: [] };
    if (!('TableLikeClause' in node)) return refuse('This element of a table is not supported', pathOf(name), site);
    const likeness = likenessOf(draft, node.TableLikeClause, site);
    return { columns: likeColumns(likeness), constraints: [], likenesses: [likeness] };
  });
  return {
    columns: parts.flatMap(({ columns }) => columns),
    constraints: parts.flatMap(({ constraints }) => constraints),
    likenesses: parts.flatMap(({ likenesses }) => likenesses),
  };
};

const isForeignKey = ({ node }: Written): boolean => node.contype === 'CONSTR_FOREIGN';

/** Sources of LIKE have to be there before anything of the table is. */
const awaitSources = (draft: Draft, elements: readonly Node[], site: Site): void => {
  for (const node of elements) if ('TableLikeClause' in node) likenessOf(draft, node.TableLikeClause, site);
};

/** CREATE TABLE. */
export const createTable = (draft: Draft, statement: CreateStmt, site: Site, more: Attributes = {}): void => {
  const name = relationOf(statement.relation);
  if (statement.if_not_exists && relationExists(draft, name)) return;
  claimRelation(draft, name, site);
  const strange = unusual(statement);
  if (strange) refuse(strange, pathOf(name), site);
  const elements = statement.tableElts ?? [];
  awaitSources(draft, elements, site);
  const family = familyOf(draft, statement, site);
  const typed = columnsOfType(draft, statement.ofTypename, site);
  const parents = [...typed, ...inheritedAtFirst(draft, parentNames(statement), site)];
  const table: Table = {
    ...name,
    ...attributesOf(statement, more),
    ...family,
    columns: [],
    uniques: [],
    foreignKeys: [],
    checks: [],
    indexes: [],
  };
  putTable(draft, table);
  const { columns, constraints, likenesses } = partsOf(draft, elements, { name, parents }, site);
  const clash = columns.find((column, at) => columns.findIndex((other) => other.name === column.name) !== at);
  if (clash) twice(`The column ${pathOf(name, clash.name)}`, pathOf(name, clash.name), site);
  const own = (column: Column): Column => (statement.ofTypename ? asOwn(column) : column);
  const all = arranged(parents, columns).map((column) => numbered(draft, name, own(column)));
  putTable(draft, { ...table, columns: all });
  const ordered = withoutTwins(inServerOrder(constraints));
  const add = (constraint: Written): void => addConstraint(draft, name, constraint, true, site);
  ordered.filter((one) => !isForeignKey(one)).forEach(add);
  for (const likeness of likenesses) addLikeParts(draft, name, likeness, site);
  ordered.filter(isForeignKey).forEach(add);
  for (const parent of parentNames(statement)) handDown(draft, parent);
};
