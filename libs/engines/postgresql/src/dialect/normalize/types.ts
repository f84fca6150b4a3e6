import {
  type Attributes,
  type Column,
  type DomainType,
  type OtherType,
  pathOf,
  type StructType,
  type TypeDefinition,
  UnsupportedDefinition,
} from '@dsem/schema';
import { placed } from '../types.js';
import { defaultMultirange, type RangeDefinition, rangeOf } from '../types/ranges.js';
import { normalTypeText } from '../type-names.js';
import { normalType, withoutDefaults } from './columns.js';
import { normalDefault, normalExpression, type Owner } from './expression.js';
import type { KnownTypes } from './known-types.js';

const attributesOf = (attributes: Attributes | undefined): { readonly attributes?: Attributes } => {
  const kept = withoutDefaults(attributes);
  return kept ? { attributes: kept } : {};
};

/** Inside a domain's checks `VALUE` stands for the value. */
const valueOf = (native: string): { readonly column: Column; readonly owner: Owner } => {
  const column: Column = { name: 'value', type: { native, canonical: { kind: 'opaque', native } }, nullable: true };
  return { column, owner: { name: '', columns: new Map([['value', column]]) } };
};

const normalDomain = (type: DomainType, known: KnownTypes): DomainType => {
  const { default: given, attributes, ...rest } = type;
  const base = normalType(type.base, known);
  const { column, owner } = valueOf(known.baseOf(base.native));
  const text = given === undefined ? undefined : normalDefault(given, column, owner);
  return {
    ...rest,
    ...placed(type),
    base,
    checks: type.checks.map((check) => ({ ...check, expression: normalExpression(check.expression, owner) })),
    ...(text === undefined ? {} : { default: text }),
    ...attributesOf(attributes),
  };
};

const normalStruct = (type: StructType, known: KnownTypes): StructType => ({
  ...type,
  ...placed(type),
  fields: type.fields.map(({ attributes, ...field }) => ({
    ...field,
    type: normalType(field.type, known),
    nullable: true,
    ...attributesOf(attributes),
  })),
});

const normalRange = (type: OtherType, { multirange, subtype }: RangeDefinition): OtherType => {
  const { multirange: _, ...rest } = type.definition;
  const named: Attributes = multirange === undefined || multirange === defaultMultirange(type) ? {} : { multirange };
  const definition: Attributes = { ...rest, subtype: normalTypeText(subtype), ...named };
  return { ...type, ...placed(type), definition };
};

/** A type in normal form. @throws UnsupportedDefinition for base types, which only C can give */
export const normalTypeDefinition = (type: TypeDefinition, known: KnownTypes): TypeDefinition => {
  switch (type.kind) {
    case 'enum':
      return { ...type, ...placed(type) };
    case 'domain':
      return normalDomain(type, known);
    case 'struct':
      return normalStruct(type, known);
    case 'other': {
      const range = rangeOf(type);
      if (range) return normalRange(type, range);
      const object = pathOf(type);
      throw new UnsupportedDefinition(`A base type is not supported, as only C can give it: ${object}`, { object });
    }
    default:
      return type satisfies never;
  }
};
