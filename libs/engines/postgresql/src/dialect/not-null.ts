import type { Attributes, Column } from '@dsem/schema';

/** What a NOT NULL says beside itself, from 18 on. */
export interface NotNull {
  /** Only where it is not one that the server would choose. */
  readonly name?: string;
  /** Tables below do not have it. */
  readonly noInherit?: true;
  /** The rows that were there before it have not been checked. */
  readonly unchecked?: true;
}

type Attributed = Pick<Column, 'attributes'>;

/** What the NOT NULL of a column says beside itself. */
export const notNullOf = ({ attributes }: Attributed): NotNull => (attributes?.['notNull'] ?? {}) as NotNull;

/** Whether tables below may hold NULL in the column, as far as it is the parent's to say. */
export const nullableBelow = (column: Attributed & Pick<Column, 'nullable'>): boolean =>
  column.nullable || notNullOf(column).noInherit === true;

/** Names that the server chooses end so; a table that is renamed keeps them, so that they say nothing of the state. */
const usual = /_not_null\d*$/u;

/** A column whose NOT NULL says this beside itself. */
export const withNotNull = <Value extends Attributed>(
  column: Value,
  { name, noInherit, unchecked }: NotNull,
): Value => {
  const { attributes, ...bare } = column;
  const { notNull: _, ...others } = attributes ?? {};
  const held = {
    ...(name === undefined ? {} : { name }),
    ...(noInherit ? { noInherit } : {}),
    ...(unchecked ? { unchecked } : {}),
  };
  const all: Attributes = { ...others, ...(Object.keys(held).length === 0 ? {} : { notNull: held }) };
  return (Object.keys(all).length === 0 ? bare : { ...bare, attributes: all }) as Value;
};

/** The same without a name that the server would choose, and without anything where NULL is allowed. */
export const normalNotNull = <Value extends Attributed & Pick<Column, 'nullable'>>(column: Value): Value => {
  if (column.attributes?.['notNull'] === undefined) return column;
  const { name, ...said } = column.nullable ? {} : notNullOf(column);
  return withNotNull(column, name === undefined || usual.test(name) ? said : { ...said, name });
};
