import type { AlterTableCmd, AlterTableStmt, ColumnDef, CompositeTypeStmt } from '@pgsql/types';
import { type Column, pathOf, type StructType } from '@dsem/schema';
import { nameParts, typeText } from '../type-names.js';
import { collationText } from '../normalize/collation.js';
import {
  claimRelation,
  claimType,
  contradict,
  type Draft,
  putType,
  refuse,
  type Site,
  twice,
  typeOf,
} from './draft.js';
import { type Full, relationOf } from './names.js';
import { ownType } from './owners.js';
import { refuseTypeOfTables } from './typed-tables.js';

const fieldOf = (definition: ColumnDef): Column => {
  const native = definition.typeName ? typeText(definition.typeName) : '';
  const collation = definition.collClause && collationText(nameParts(definition.collClause.collname));
  return {
    name: definition.colname ?? '',
    type: { native, canonical: { kind: 'opaque', native } },
    nullable: true,
    ...(collation === undefined ? {} : { attributes: { collation } }),
  };
};

const distinct = (type: StructType, site: Site): void => {
  const names = type.fields.map(({ name }) => name);
  const clash = names.find((name, at) => names.indexOf(name) !== at);
  if (clash !== undefined) twice(`The attribute ${pathOf(type, clash)}`, pathOf(type, clash), site);
};

/** CREATE TYPE ... AS (...). */
export const createStruct = (draft: Draft, statement: CompositeTypeStmt, site: Site): void => {
  const name = relationOf(statement.typevar);
  claimRelation(draft, name, site);
  claimType(draft, name, site);
  const fields = (statement.coldeflist ?? []).flatMap((node) => ('ColumnDef' in node ? [fieldOf(node.ColumnDef)] : []));
  const type: StructType = { kind: 'struct', ...name, fields };
  distinct(type, site);
  putType(draft, type);
};

const structOf = (draft: Draft, name: Full, site: Site): StructType => {
  const type = typeOf(draft, name, site);
  if (type.kind !== 'struct')
    return contradict(`The type ${pathOf(name)} is not a composite type.`, pathOf(name), site);
  return type;
};

const known = (type: StructType, field: string | undefined, site: Site): void => {
  const path = pathOf(type, field ?? '');
  if (!type.fields.some(({ name }) => name === field)) contradict(`The attribute ${path} is not defined.`, path, site);
};

type Command = (type: StructType, command: AlterTableCmd, site: Site) => StructType;

const commands: { readonly [subtype: string]: Command } = {
  AT_AddColumn: (type, { def }, site) => {
    if (!def || !('ColumnDef' in def)) return type;
    const made = { ...type, fields: [...type.fields, fieldOf(def.ColumnDef)] };
    distinct(made, site);
    return made;
  },
  AT_DropColumn: (type, { name, missing_ok }, site) => {
    if (!missing_ok) known(type, name, site);
    return { ...type, fields: type.fields.filter((field) => field.name !== name) };
  },
  AT_AlterColumnType: (type, { name, def }, site) => {
    known(type, name, site);
    if (!def || !('ColumnDef' in def)) return type;
    const { attributes: _, type: native, ...rest } = fieldOf(def.ColumnDef);
    const { attributes } = fieldOf(def.ColumnDef);
    const fields = type.fields.map((field) => {
      const { attributes: __, ...kept } = field;
      return field.name === name ? { ...rest, ...kept, type: native, ...(attributes ? { attributes } : {}) } : field;
    });
    return { ...type, fields };
  },
};

/** ALTER TYPE ... ADD, DROP and ALTER ATTRIBUTE. */
export const alterStruct = (draft: Draft, statement: AlterTableStmt, site: Site): void => {
  const name = relationOf(statement.relation);
  for (const node of statement.cmds ?? []) {
    if (!('AlterTableCmd' in node)) continue;
    const { subtype = '' } = node.AlterTableCmd;
    const command = commands[subtype];
    if (command) refuseTypeOfTables(draft, name, site);
    if (command) putType(draft, command(structOf(draft, name, site), node.AlterTableCmd, site));
    else if (subtype !== 'AT_ChangeOwner')
      refuse(`ALTER TYPE with ${subtype.replace('AT_', '')} is not supported`, pathOf(name), site);
    else ownType(draft, name, node.AlterTableCmd.newowner, site);
  }
};

/** ALTER TYPE ... RENAME ATTRIBUTE. */
export const renameAttribute = (draft: Draft, name: Full, from: string, to: string, site: Site): void => {
  const type = structOf(draft, name, site);
  known(type, from, site);
  refuseTypeOfTables(draft, name, site);
  const made = { ...type, fields: type.fields.map((field) => (field.name === from ? { ...field, name: to } : field)) };
  distinct(made, site);
  putType(draft, made);
};
