import type { Check, ForeignKey, PrimaryKey, ReferentialAction, Unique } from '@dsem/schema';
import { identifier, identifiers, qualified } from '../identifiers.js';

const actionText: { readonly [Action in ReferentialAction]: string } = {
  'no action': 'NO ACTION',
  restrict: 'RESTRICT',
  cascade: 'CASCADE',
  'set null': 'SET NULL',
  'set default': 'SET DEFAULT',
};

type Attributed = Pick<Unique, 'attributes'>;

const names = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];

/** `DEFERRABLE INITIALLY DEFERRED`, where the constraint says so. */
export const deferral = ({ attributes }: Attributed): readonly string[] => [
  ...(attributes?.deferrable ? ['DEFERRABLE'] : []),
  ...(attributes?.initiallyDeferred ? ['INITIALLY DEFERRED'] : []),
];

const enforcement = ({ attributes }: Attributed): readonly string[] =>
  attributes?.notEnforced ? ['NOT ENFORCED'] : [];
const validity = ({ validated }: { readonly validated?: false }): readonly string[] =>
  validated === false ? ['NOT VALID'] : [];
const named = (name: string): string => `CONSTRAINT ${identifier(name)}`;

const included = ({ attributes }: Attributed): readonly string[] => {
  const columns = names(attributes?.include);
  return columns.length === 0 ? [] : [`INCLUDE (${identifiers(columns)})`];
};

/** A primary key as it stands in CREATE TABLE or ADD. */
export const primaryKeyText = (key: PrimaryKey): string =>
  [named(key.name), `PRIMARY KEY (${identifiers(key.columns)})`, ...included(key), ...deferral(key)].join(' ');

/** A unique constraint as it stands in CREATE TABLE or ADD. */
export const uniqueText = (key: Unique): string => {
  const nulls = key.attributes?.nullsNotDistinct ? ['NULLS NOT DISTINCT'] : [];
  return [
    named(key.name),
    'UNIQUE',
    ...nulls,
    `(${identifiers(key.columns)})`,
    ...included(key),
    ...deferral(key),
  ].join(' ');
};

/** A check as it stands in CREATE TABLE or ADD. */
export const checkText = (check: Check): string => {
  const inherit = check.attributes?.noInherit ? ['NO INHERIT'] : [];
  return [named(check.name), `CHECK (${check.expression})`, ...inherit, ...enforcement(check), ...validity(check)].join(
    ' ',
  );
};

/** A foreign key as it stands in ADD. */
export const foreignKeyText = (key: ForeignKey): string => {
  const { references, onDelete, onUpdate, attributes } = key;
  const only = names(attributes?.onDeleteColumns);
  const deleteColumns = only.length === 0 ? '' : ` (${identifiers(only)})`;
  return [
    named(key.name),
    `FOREIGN KEY (${identifiers(key.columns)})`,
    `REFERENCES ${qualified(references)} (${identifiers(references.columns)})`,
    ...(attributes?.match === 'full' ? ['MATCH FULL'] : []),
    ...(onDelete === undefined ? [] : [`ON DELETE ${actionText[onDelete]}${deleteColumns}`]),
    ...(onUpdate === undefined ? [] : [`ON UPDATE ${actionText[onUpdate]}`]),
    ...deferral(key),
    ...enforcement(key),
    ...validity(key),
  ].join(' ');
};
