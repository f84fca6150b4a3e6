import type { Statement } from '@dsem/engine';
import { pathOf, type Table } from '@dsem/schema';
import { finding } from '../hazards.js';
import { qualified } from '../identifiers.js';
import { hazardRules } from '../rules.js';
import type { TableAttributes } from '../types.js';
import { statement } from './statement.js';

const attributesOf = (table: Table): TableAttributes => (table.attributes ?? {}) as TableAttributes;

/** Switches row security of a table on or off, and whether it holds for the owner; nothing where both stay. */
export const rowSecurity = (from: Table, to: Table): readonly Statement[] => {
  const [before, after, path] = [attributesOf(from), attributesOf(to), pathOf(to)];
  const alter = (words: string, ...hazards: readonly ReturnType<typeof finding>[]): Statement =>
    statement(`ALTER TABLE ${qualified(to)} ${words} ROW LEVEL SECURITY`, { hazards });
  const switched = after.rowSecurity
    ? alter('ENABLE', finding(hazardRules.enableRowSecurity, path, `Row security of ${path} is turned on.`))
    : alter('DISABLE', finding(hazardRules.disableRowSecurity, path, `Row security of ${path} is turned off.`));
  const forced = after.forceRowSecurity
    ? alter('FORCE', finding(hazardRules.forceRowSecurity, path, `Row security of ${path} holds for its owner too.`))
    : alter(
        'NO FORCE',
        finding(hazardRules.forceRowSecurity, path, `Row security of ${path} holds for its owner no more.`),
      );
  return [
    ...(before.rowSecurity === after.rowSecurity ? [] : [switched]),
    ...(before.forceRowSecurity === after.forceRowSecurity ? [] : [forced]),
  ];
};
