import type { Attributes, Json } from '@dsem/schema';

/** A property that is absent when the catalogue has nothing to say. */
export const optional = <Key extends string, Value>(
  key: Key,
  value: Value | null | undefined,
): { readonly [name in Key]?: Value } =>
  value === null || value === undefined ? {} : ({ [key]: value } as { readonly [name in Key]: Value });

/** The `attributes` property, absent when every attribute has the engine's default. */
export const attributesOf = (values: { readonly [name: string]: Json | undefined }): { attributes?: Attributes } => {
  const set = Object.entries(values).filter((entry): entry is [string, Json] => entry[1] !== undefined);
  return set.length === 0 ? {} : { attributes: Object.fromEntries(set) };
};

/** Rows by the relation they belong to. */
export const byRelation = <Row extends { readonly relation: number }>(
  rows: readonly Row[],
): ReadonlyMap<number, readonly Row[]> => {
  const groups = new Map<number, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.relation);
    if (group === undefined) groups.set(row.relation, [row]);
    else group.push(row);
  }
  return groups;
};

/** `fillfactor=70` and the like as an object. */
export const reloptionsOf = (options: readonly string[] | null): { readonly [name: string]: string } | undefined =>
  options === null || options.length === 0
    ? undefined
    : Object.fromEntries(
        options.map((option) => [option.slice(0, option.indexOf('=')), option.slice(option.indexOf('=') + 1)]),
      );
