import type { AlterEnumStmt, CreateEnumStmt } from '@pgsql/types';
import { type EnumType, pathOf } from '@dsem/schema';
import { nameParts } from '../type-names.js';
import { already, claimType, contradict, type Draft, putType, type Site, typeOf } from './draft.js';
import { nameOf } from './names.js';

/** CREATE TYPE ... AS ENUM. */
export const createEnum = (draft: Draft, statement: CreateEnumStmt, site: Site): void => {
  const name = nameOf(nameParts(statement.typeName));
  claimType(draft, name, site);
  putType(draft, { kind: 'enum', ...name, labels: nameParts(statement.vals) });
};

const renamed = (type: EnumType, statement: AlterEnumStmt, site: Site): readonly string[] => {
  const { oldVal, newVal } = statement;
  if (!type.labels.includes(oldVal ?? '')) {
    contradict(`The type ${pathOf(type)} has no label ${oldVal ?? ''}.`, pathOf(type), site);
  }
  return type.labels.map((label) => (label === oldVal ? (newVal ?? '') : label));
};

const extended = (type: EnumType, statement: AlterEnumStmt, site: Site): readonly string[] => {
  const { newVal = '', newValNeighbor, newValIsAfter, skipIfNewValExists } = statement;
  const path = pathOf(type);
  if (type.labels.includes(newVal)) {
    if (skipIfNewValExists) return type.labels;
    already(`The type ${path} has the label ${newVal} already.`, path, site);
  }
  if (newValNeighbor === undefined) return [...type.labels, newVal];
  const at = type.labels.indexOf(newValNeighbor);
  if (at < 0) contradict(`The type ${path} has no label ${newValNeighbor}.`, path, site);
  return type.labels.toSpliced(at + (newValIsAfter ? 1 : 0), 0, newVal);
};

/** ALTER TYPE ... ADD VALUE and RENAME VALUE. */
export const alterEnum = (draft: Draft, statement: AlterEnumStmt, site: Site): void => {
  const name = nameOf(nameParts(statement.typeName));
  const type = typeOf(draft, name, site);
  if (type.kind !== 'enum') return contradict(`The type ${pathOf(name)} is not an enum.`, pathOf(name), site);
  const labels = statement.oldVal === undefined ? extended(type, statement, site) : renamed(type, statement, site);
  putType(draft, { ...type, labels });
  return undefined;
};
