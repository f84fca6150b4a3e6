import type { Statement } from '@dsem/engine';
import type { Check, Column, DomainType, EnumType, Schema, StructType, TypeDefinition } from '@dsem/schema';
import { identifier, literal, qualified, splitName } from '../identifiers.js';
import { knownTypes, nativeOf } from '../normalize/known-types.js';
import { type RangeDefinition, rangeOf } from '../types/ranges.js';
import { collationOf, collationText } from './column-text.js';
import { commentOn } from './comments.js';
import { locks, statement } from './statement.js';

/** How SQL calls the kind of type. */
export const typeWord = (type: TypeDefinition): string => (type.kind === 'domain' ? 'DOMAIN' : 'TYPE');

/** A name kept as text, quoted again part by part. */
const requoted = (name: string): string => splitName(name).map(identifier).join('.');

const collate = (value: Pick<Column, 'attributes'>, state: Schema): readonly string[] => {
  const collation = collationOf(value);
  return collation === undefined ? [] : [`COLLATE ${collationText(collation, state)}`];
};

/** A check as it stands in CREATE DOMAIN or ADD. */
export const domainCheckText = (check: Check): string =>
  `CONSTRAINT ${identifier(check.name)} CHECK (${check.expression})${check.validated === false ? ' NOT VALID' : ''}`;

/** A domain over a domain takes over its default unless it has one of its own. */
const defaultText = (domain: DomainType, state: Schema): readonly string[] => {
  if (domain.default !== undefined) return [`DEFAULT ${domain.default}`];
  const below = state.types.find((type) => type.kind === 'domain' && nativeOf(type) === domain.base.native);
  return below?.kind === 'domain' && below.default !== undefined ? ['DEFAULT NULL'] : [];
};

const domainText = (domain: DomainType, state: Schema): string =>
  [
    `CREATE DOMAIN ${qualified(domain)} AS ${domain.base.native}`,
    ...collate(domain, state),
    ...defaultText(domain, state),
    ...(domain.nullable ? [] : ['NOT NULL']),
    ...domain.checks.filter(({ validated }) => validated !== false).map(domainCheckText),
  ].join(' ');

const enumText = (type: EnumType): string =>
  `CREATE TYPE ${qualified(type)} AS ENUM (${type.labels.map(literal).join(', ')})`;

/** An attribute as it stands in CREATE TYPE or ADD ATTRIBUTE. */
export const fieldText = (field: Column, state: Schema): string =>
  [identifier(field.name), field.type.native, ...collate(field, state)].join(' ');

const structText = (type: StructType, state: Schema): string =>
  `CREATE TYPE ${qualified(type)} AS (${type.fields.map((field) => fieldText(field, state)).join(', ')})`;

const rangeText = (type: TypeDefinition, range: RangeDefinition, state: Schema): string => {
  const { collation, opclass, subtypeDiff, multirange } = range;
  const options = [
    `SUBTYPE = ${range.subtype}`,
    ...(opclass === undefined ? [] : [`SUBTYPE_OPCLASS = ${requoted(opclass)}`]),
    ...(collation === undefined ? [] : [`COLLATION = ${collationText(collation, state)}`]),
    ...(subtypeDiff === undefined ? [] : [`SUBTYPE_DIFF = ${requoted(subtypeDiff)}`]),
    ...(multirange === undefined ? [] : [`MULTIRANGE_TYPE_NAME = ${requoted(multirange)}`]),
  ];
  return `CREATE TYPE ${qualified(type)} AS RANGE (${options.join(', ')})`;
};

const createText = (type: TypeDefinition, state: Schema): string | undefined => {
  switch (type.kind) {
    case 'enum':
      return enumText(type);
    case 'domain':
      return domainText(type, state);
    case 'struct':
      return structText(type, state);
    case 'other': {
      const range = rangeOf(type);
      return range && rangeText(type, range, state);
    }
    default:
      return type satisfies never;
  }
};

const partComments = (type: TypeDefinition): readonly Statement[] => {
  if (type.kind === 'domain')
    return type.checks.flatMap((check) => commentOn(domainConstraint(type, check.name), check.comment));
  if (type.kind !== 'struct') return [];
  return type.fields.flatMap((field) => commentOn(attribute(type, field.name), field.comment));
};

/** A domain's constraint as COMMENT ON names it. */
export const domainConstraint = (domain: DomainType, name: string): string =>
  `CONSTRAINT ${identifier(name)} ON DOMAIN ${qualified(domain)}`;

/** A composite type's attribute as COMMENT ON names it. */
export const attribute = (type: StructType, name: string): string => `COLUMN ${qualified(type)}.${identifier(name)}`;

/** Checks that CREATE DOMAIN would take for checked are added afterwards, as they are. */
export const addUnchecked = (type: TypeDefinition): readonly Statement[] =>
  type.kind !== 'domain'
    ? []
    : type.checks
        .filter(({ validated }) => validated === false)
        .map((check) =>
          statement(`ALTER DOMAIN ${qualified(type)} ADD ${domainCheckText(check)}`, { lock: locks.none }),
        );

/** The comments of a type and its parts. */
export const typeComments = (type: TypeDefinition): readonly Statement[] => [
  ...commentOn(`${typeWord(type)} ${qualified(type)}`, type.comment),
  ...partComments(type),
];

/** CREATE of a type without what can only be added afterwards; undefined for kinds that cannot be made. */
export const bareType = (type: TypeDefinition, state: Schema): Statement | undefined => {
  const text = createText(type, state);
  return text === undefined ? undefined : statement(text, { lock: locks.none });
};

/** Whether a value of the type is refused by a check or NOT NULL of a domain, at any depth. */
export const isChecked = (native: string, state: Schema): boolean => {
  const { baseOf } = knownTypes(state.types);
  const type = state.types.find((one) => nativeOf(one) === native);
  if (type?.kind !== 'domain') return false;
  if (!type.nullable || type.checks.length > 0) return true;
  return baseOf(native) !== type.base.native && isChecked(type.base.native, state);
};
