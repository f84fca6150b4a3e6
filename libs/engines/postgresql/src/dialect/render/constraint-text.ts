import type { Check, ForeignKey, PrimaryKey, ReferentialAction, Unique } from '@dsem/schema';
import { optionsText } from './options.js';
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

const stored = ({ attributes }: Attributed): readonly string[] => {
  const options = optionsText(attributes?.options);
  return options === undefined ? [] : [`WITH (${options})`];
};

const keyColumns = ({ columns, attributes }: Unique): string =>
  `(${identifiers(columns)}${attributes?.withoutOverlaps ? ' WITHOUT OVERLAPS' : ''})`;

/** The last of some columns is the one that holds ranges. */
const periodColumns = (columns: readonly string[], period: boolean): string =>
  period
    ? `(${[...columns.slice(0, -1).map(identifier), `PERIOD ${identifier(columns.at(-1) ?? '')}`].join(', ')})`
    : `(${identifiers(columns)})`;

/** A primary key as it stands in CREATE TABLE or ADD. */
export const primaryKeyText = (key: PrimaryKey): string =>
  [named(key.name), `PRIMARY KEY ${keyColumns(key)}`, ...included(key), ...stored(key), ...deferral(key)].join(' ');

/** A unique constraint as it stands in CREATE TABLE or ADD. */
export const uniqueText = (key: Unique): string => {
  const nulls = key.attributes?.nullsNotDistinct ? ['NULLS NOT DISTINCT'] : [];
  return [
    named(key.name),
    'UNIQUE',
    ...nulls,
    keyColumns(key),
    ...included(key),
    ...stored(key),
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
  const period = attributes?.period === true;
  const deleteColumns = only.length === 0 ? '' : ` (${identifiers(only)})`;
  return [
    named(key.name),
    `FOREIGN KEY ${periodColumns(key.columns, period)}`,
    `REFERENCES ${qualified(references)} ${periodColumns(references.columns, period)}`,
    ...(attributes?.match === 'full' ? ['MATCH FULL'] : []),
    ...(onDelete === undefined ? [] : [`ON DELETE ${actionText[onDelete]}${deleteColumns}`]),
    ...(onUpdate === undefined ? [] : [`ON UPDATE ${actionText[onUpdate]}`]),
    ...deferral(key),
    ...enforcement(key),
    ...validity(key),
  ].join(' ');
};
