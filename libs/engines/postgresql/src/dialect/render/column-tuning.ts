import type { Statement } from '@dsem/engine';
import { type Column, descendantsOf, type ObjectName, type Schema } from '@dsem/schema';
import { identifier, qualified } from '../identifiers.js';
import { usualStorage } from '../storage.js';
import { optionChanges as settings } from './options.js';
import { locks, statement } from './statement.js';

type Tuned = Pick<Column, 'attributes'>;

const word = (column: Tuned, name: string): string | undefined => {
  const value = column.attributes?.[name];
  return typeof value === 'string' ? value : undefined;
};

/** The word that goes back to the type's own storage; `DEFAULT` is known since 16. */
const ownStorage = (native: string, state: Schema, version: string): string =>
  usualStorage(native, state.types) ?? (Number(version) >= 16 ? 'default' : 'extended');

const storing = (from: Tuned, to: Column, state: Schema, version: string): readonly string[] => {
  const [storage, compression] = [word(to, 'storage'), word(to, 'compression')];
  return [
    ...(word(from, 'storage') === storage
      ? []
      : [`SET STORAGE ${(storage ?? ownStorage(to.type.native, state, version)).toUpperCase()}`]),
    ...(word(from, 'compression') === compression ? [] : [`SET COMPRESSION ${compression ?? 'default'}`]),
  ];
};

const counting = (from: Tuned, to: Tuned): readonly string[] => {
  const [earlier, statistics] = [from.attributes?.statistics, to.attributes?.statistics];
  return [
    ...(earlier === statistics ? [] : [`SET STATISTICS ${typeof statistics === 'number' ? statistics : -1}`]),
    ...settings(from.attributes?.options, to.attributes?.options),
  ];
};

/** The statements that bring storage, compression and statistics of a column to their new form. */
export const tuneColumn = (
  table: ObjectName,
  from: Tuned,
  to: Column,
  { state, version }: { readonly state: Schema; readonly version: string },
): readonly Statement[] => {
  const only = descendantsOf(state, table).length === 0 ? '' : 'ONLY ';
  const text = (actions: readonly string[]): string =>
    `ALTER TABLE ${only}${qualified(table)} ${actions.map((action) => `ALTER COLUMN ${identifier(to.name)} ${action}`).join(', ')}`;
  const [stored, counted] = [storing(from, to, state, version), counting(from, to)];
  return [
    ...(stored.length === 0 ? [] : [statement(text(stored))]),
    ...(counted.length === 0 ? [] : [statement(text(counted), { lock: locks.updateExclusive })]),
  ];
};
