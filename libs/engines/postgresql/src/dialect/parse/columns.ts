import type { ColumnDef, Constraint, Node } from '@pgsql/types';
import { type Column, type Identity, pathOf, type Sequence } from '@dsem/schema';
import type { ForeignOptions } from '../foreign.js';
import { printTree } from '../grammar.js';
import { literal, shortestName } from '../identifiers.js';
import { collationText } from '../normalize/collation.js';
import { usualStorage } from '../storage.js';
import { nameParts, typeText } from '../type-names.js';
import { objectName, relationName } from './auto-names.js';
import { contradict, type Draft, keyOf, type Site } from './draft.js';
import { withForeignOptions } from './foreign-options.js';
import type { Full } from './names.js';
import { notNullAs } from './not-null.js';
import { numbered } from './numbering.js';
import { sequenceWords, settled } from './options.js';

/** A constraint node with the column it was written on. */
export interface Written {
  readonly node: Constraint;
  readonly column?: string;
}

/** What one column definition comes to. */
export interface ReadColumn {
  readonly column: Column;
  readonly constraints: readonly Written[];
}

const serials: { readonly [name: string]: string } = {
  smallserial: 'smallint',
  serial2: 'smallint',
  serial: 'integer',
  serial4: 'integer',
  bigserial: 'bigint',
  serial8: 'bigint',
};

const serialType = (definition: ColumnDef): string | undefined => {
  const names = nameParts(definition.typeName?.names);
  const isArray = (definition.typeName?.arrayBounds ?? []).length > 0;
  return names.length === 1 && !isArray ? serials[names[0]!] : undefined;
};

const constraintNodes = (nodes: readonly Node[] | undefined): readonly Constraint[] =>
  (nodes ?? []).flatMap((node) => ('Constraint' in node ? [node.Constraint] : []));

const attribute: { readonly [kind: string]: Partial<Constraint> } = {
  CONSTR_ATTR_DEFERRABLE: { deferrable: true },
  CONSTR_ATTR_NOT_DEFERRABLE: {},
  CONSTR_ATTR_DEFERRED: { deferrable: true, initdeferred: true },
  CONSTR_ATTR_IMMEDIATE: {},
  CONSTR_ATTR_ENFORCED: {},
  CONSTR_ATTR_NOT_ENFORCED: { is_enforced: false },
};

/** `REFERENCES x DEFERRABLE` comes as two nodes; the second belongs to the first. */
const folded = (nodes: readonly Constraint[]): readonly Constraint[] =>
  nodes.reduce<Constraint[]>((all, node) => {
    const extra = attribute[node.contype ?? ''];
    const last = all.at(-1);
    return extra && last ? [...all.slice(0, -1), { ...last, ...extra }] : [...all, node];
  }, []);

/** What an identity clause says; another name for its sequence than the usual one is told and left out. */
export const readIdentity = (draft: Draft, node: Constraint, table: Full, column: string, site: Site): Identity => {
  const words = sequenceWords(node.options, table, site);
  const name = words.name?.at(-1);
  if (name !== undefined && name !== objectName(table.name, column, 'seq'))
    draft.notes.push({ message: `skipped the name of the sequence of ${pathOf(table, column)}: ${name}`, ...site });
  return { always: node.generated_when === 'a', ...settled(words) };
};

const generatedOf = (node: Constraint): Pick<Column, 'generated'> =>
  node.raw_expr ? { generated: { expression: printTree(node.raw_expr), stored: node.generated_kind !== 'v' } } : {};

interface Holder {
  readonly draft: Draft;
  readonly table: Full;
  readonly column: string;
  readonly site: Site;
}

/** The part of a column that one constraint node sets; undefined for constraints of the table. */
const aspect = (node: Constraint, { draft, table, column, site }: Holder): Partial<Column> | undefined => {
  switch (node.contype) {
    case 'CONSTR_NULL':
      return { nullable: true };
    case 'CONSTR_NOTNULL':
      return { nullable: false };
    case 'CONSTR_DEFAULT':
      return node.raw_expr ? { default: printTree(node.raw_expr) } : {};
    case 'CONSTR_IDENTITY':
      return { identity: readIdentity(draft, node, table, column, site), nullable: false };
    case 'CONSTR_GENERATED':
      return generatedOf(node);
    default:
      return undefined;
  }
};

const typeOf = (definition: ColumnDef, path: string, site: Site): string =>
  serialType(definition) ??
  (definition.typeName ? typeText(definition.typeName) : contradict(`The column ${path} has no type.`, path, site));

const serialSequence = (draft: Draft, table: Full, column: string, type: string): Sequence => {
  const name = relationName(draft, table, column, 'seq', false);
  return { namespace: table.namespace, name, type, ownedBy: { ...table, column } };
};

const withSerial = (draft: Draft, table: Full, column: Column): Column => {
  const sequence = serialSequence(draft, table, column.name, column.type.native);
  draft.sequences.set(keyOf(sequence), sequence);
  const target = literal(shortestName(table.namespace, sequence.name));
  return { ...column, nullable: false, default: `nextval(${target}::regclass)` };
};

/** A foreign table's column may have options of its own. */
const attributesOf = (
  definition: ColumnDef,
  native: string,
  draft: Draft,
  foreignOptions: ForeignOptions | undefined,
): Pick<Column, 'attributes'> => {
  const collation = definition.collClause && collationText(nameParts(definition.collClause.collname));
  const [storage, compression] = [definition.storage_name, definition.compression].map((word) => word?.toLowerCase());
  const usual = [undefined, 'default', usualStorage(native, [...draft.types.values()])];
  const attributes = {
    ...(collation === undefined ? {} : { collation }),
    ...(storage === undefined || usual.includes(storage) ? {} : { storage }),
    ...(compression === undefined || compression === 'default' ? {} : { compression }),
    ...(foreignOptions === undefined ? {} : { foreignOptions }),
  };
  return Object.keys(attributes).length === 0 ? {} : { attributes };
};

/** Reads one column definition; a serial's sequence is put into the draft at once, as the server names it first. */
export const readColumn = (draft: Draft, table: Full, definition: ColumnDef, site: Site): ReadColumn => {
  const name = definition.colname ?? '';
  const path = pathOf(table, name);
  const nodes = folded(constraintNodes(definition.constraints));
  const native = typeOf(definition, path, site);
  const plain: Column = {
    name,
    type: { native, canonical: { kind: 'opaque', native } },
    nullable: true,
    ...attributesOf(
      definition,
      native,
      draft,
      withForeignOptions(draft, undefined, definition.fdwoptions, `column ${path}`, site),
    ),
  };
  const aspects = nodes.map((node) => [node, aspect(node, { draft, table, column: name, site })] as const);
  const said = aspects.reduce<Column>((all, [, part]) => ({ ...all, ...part }), plain);
  const required = nodes.find(({ contype }) => contype === 'CONSTR_NOTNULL');
  const identity = nodes.find(({ contype }) => contype === 'CONSTR_IDENTITY');
  const column = numbered(draft, table, required ? notNullAs(said, required) : said, identity);
  const constraints = aspects.flatMap(([node, part]) => (part === undefined ? [{ node, column: name }] : []));
  return { column: serialType(definition) ? withSerial(draft, table, column) : column, constraints };
};
