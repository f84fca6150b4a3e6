import type { ColumnDef, Constraint, Node } from '@pgsql/types';
import { nameParts } from '../../type-names.js';
import type { ColumnFacts, ConstraintFacts, ConstraintKind } from '../acts.js';
import { placeOf, type Reader, relation, typeOf } from './reader.js';

const serials: { readonly [name: string]: string } = {
  smallserial: 'smallint',
  serial2: 'smallint',
  serial: 'integer',
  serial4: 'integer',
  bigserial: 'bigint',
  serial8: 'bigint',
};

const kinds: { readonly [contype: string]: ConstraintKind } = {
  CONSTR_PRIMARY: 'primary key',
  CONSTR_UNIQUE: 'unique',
  CONSTR_EXCLUSION: 'exclusion',
  CONSTR_CHECK: 'check',
  CONSTR_FOREIGN: 'foreign key',
  CONSTR_NOTNULL: 'not null',
};

const nodesOf = (nodes: readonly Node[] | undefined): readonly Constraint[] =>
  (nodes ?? []).flatMap((node) => ('Constraint' in node ? [node.Constraint] : []));

const columnsOf = (node: Constraint, column: string | undefined): readonly string[] => {
  const listed = nameParts(node.keys ?? node.fk_attrs);
  return listed.length > 0 || column === undefined ? listed : [column];
};

const canBeUnenforced: ReadonlySet<ConstraintKind> = new Set(['check', 'foreign key']);

const references = (reader: Reader, node: Constraint): Partial<ConstraintFacts> =>
  node.pktable
    ? {
        references: relation(reader, node.pktable),
        referenced: nameParts(node.pk_attrs),
        ...(node.fk_del_action === 'c' ? { onDelete: 'cascade' } : {}),
      }
    : {};

/** One constraint; undefined for what is an attribute of a column or of the constraint before. */
export const constraintFacts = (reader: Reader, node: Constraint, column?: string): ConstraintFacts | undefined => {
  const kind = kinds[node.contype ?? ''];
  if (kind === undefined) return undefined;
  return {
    kind,
    ...(node.conname === undefined ? {} : { name: node.conname }),
    columns: columnsOf(node, column),
    notValid: node.skip_validation ?? false,
    notEnforced: canBeUnenforced.has(kind) && node.is_enforced !== true,
    ...(node.indexname === undefined ? {} : { usingIndex: node.indexname }),
    ...(node.raw_expr ? { expression: node.raw_expr } : {}),
    ...references(reader, node),
    ...(node.nulls_not_distinct ? { nullsNotDistinct: true as const } : {}),
    ...(node.without_overlaps || node.fk_with_period ? { withoutOverlaps: true as const } : {}),
    ...placeOf(reader, node.location),
  };
};

/** Constraints of a table, and the types, defaults and constraints of its columns. */
export interface Defined {
  readonly column: ColumnFacts;
  readonly constraints: readonly ConstraintFacts[];
}

const unenforced = (nodes: readonly Constraint[]): readonly Constraint[] =>
  nodes.reduce<readonly Constraint[]>((all, node) => {
    const last = all.at(-1);
    if (node.contype !== 'CONSTR_ATTR_NOT_ENFORCED' || !last) return [...all, node];
    return [...all.slice(0, -1), { ...last, is_enforced: false }];
  }, []);

/** One column definition. NOT NULL is told by the column, not as a constraint. */
export const columnFacts = (reader: Reader, definition: ColumnDef): Defined => {
  const name = definition.colname ?? '';
  const nodes = unenforced(nodesOf(definition.constraints));
  const has = (contype: string): Constraint | undefined => nodes.find((node) => node.contype === contype);
  const words = nameParts(definition.typeName?.names);
  const serial = words.length === 1 ? serials[words[0]!] : undefined;
  const generated = has('CONSTR_GENERATED');
  const written = has('CONSTR_DEFAULT')?.raw_expr;
  const constraints = nodes
    .filter(({ contype }) => contype !== 'CONSTR_NOTNULL')
    .flatMap((node) => constraintFacts(reader, node, name) ?? []);
  const identity = has('CONSTR_IDENTITY') !== undefined;
  return {
    column: {
      name,
      type: serial ?? typeOf(definition.typeName),
      serial: serial !== undefined,
      notNull: [has('CONSTR_NOTNULL'), has('CONSTR_PRIMARY')].some(Boolean) || identity || serial !== undefined,
      ...(written ? { default: written } : {}),
      identity,
      ...(generated ? { generated: generated.generated_kind === 'v' ? 'virtual' : 'stored' } : {}),
      ...placeOf(reader, definition.location),
    },
    constraints,
  };
};
