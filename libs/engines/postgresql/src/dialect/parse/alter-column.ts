import type { AlterTableCmd, Node } from '@pgsql/types';
import { type Attributes, type Column, pathOf } from '@dsem/schema';
import { printTree } from '../grammar.js';
import { usualStorage } from '../storage.js';
import { notNullOf, withNotNull } from '../not-null.js';
import { nameParts, typeText } from '../type-names.js';
import { collationText } from '../normalize/collation.js';
import { readIdentity } from './columns.js';
import { contradict, type Draft, keyOf, putTable, putView, type Site, tableOf } from './draft.js';
import type { Full } from './names.js';
import { notNullAs } from './not-null.js';
import { numbered, tellRestart } from './numbering.js';
import { optionText, resettled, sequenceWords, storageOptions } from './options.js';
import { refuseTyped } from './typed-tables.js';
import { withViewColumn } from './view-columns.js';

/** The table an ALTER TABLE is about, with the draft it changes. */
export interface Target {
  readonly draft: Draft;
  readonly name: Full;
  readonly site: Site;
}

/** One action of ALTER TABLE. */
export type Command = (target: Target, command: AlterTableCmd) => void;

const alterColumn = (
  { draft, name, site }: Target,
  column: string | undefined,
  alter: (column: Column) => Column,
): void => {
  const table = tableOf(draft, name, site);
  const path = pathOf(name, column ?? '');
  if (!table.columns.some((one) => one.name === column)) contradict(`The column ${path} is not defined.`, path, site);
  putTable(draft, { ...table, columns: table.columns.map((one) => (one.name === column ? alter(one) : one)) });
};

const without = <Key extends keyof Column>(column: Column, key: Key): Column => {
  const { [key]: _, ...rest } = column;
  return rest as Column;
};

/** A column with other attributes; undefined ones go. */
const withAttributes = (column: Column, given: { readonly [name: string]: Attributes[string] | undefined }): Column => {
  const kept = Object.entries({ ...column.attributes, ...given }).filter(([, value]) => value !== undefined);
  const rest = without(column, 'attributes');
  return kept.length === 0 ? rest : { ...rest, attributes: Object.fromEntries(kept) as Attributes };
};

/** The new type brings its own storage and compression along; statistics stay. */
const changeType: Command = (target, { name, def }) => {
  if (!def || !('ColumnDef' in def) || !def.ColumnDef.typeName) return;
  const native = typeText(def.ColumnDef.typeName);
  refuseTyped(target.draft, target.name, target.site);
  const collation = def.ColumnDef.collClause && collationText(nameParts(def.ColumnDef.collClause.collname));
  alterColumn(target, name, (column) => ({
    ...withAttributes(column, { collation, storage: undefined, compression: undefined }),
    type: { native, canonical: { kind: 'opaque', native } },
  }));
};

const setDefault: Command = (target, { name = '', def }) => {
  const view = target.draft.views.get(keyOf(target.name));
  if (!view) return setColumnDefault(target, { name, ...(def ? { def } : {}) });
  const path = pathOf(target.name, name);
  if (view.columns && !view.columns.includes(name)) contradict(`The column ${path} is not defined.`, path, target.site);
  putView(target.draft, withViewColumn(view, 'columnDefaults', name, def && printTree(def)));
};

const setColumnDefault: Command = (target, { name, def }) =>
  alterColumn(target, name, (column) => (def ? { ...column, default: printTree(def) } : without(column, 'default')));

const addIdentity: Command = (target, { name, def }) => {
  if (!def || !('Constraint' in def)) return;
  const identity = readIdentity(target.draft, def.Constraint, target.name, name ?? '', target.site);
  alterColumn(target, name, (column) =>
    numbered(target.draft, target.name, { ...column, identity, nullable: false }, def.Constraint),
  );
};

const setIdentity: Command = (target, { name, def }) => {
  const list = def && 'List' in def ? (def.List.items ?? []) : [];
  const generated = list.find((node) => 'DefElem' in node && node.DefElem.defname === 'generated');
  const letter = generated && 'DefElem' in generated ? generated.DefElem.arg : undefined;
  const always = letter && 'Integer' in letter ? letter.Integer.ival === 'a'.charCodeAt(0) : undefined;
  const words = sequenceWords(
    list.filter((node) => node !== generated),
    target.name,
    target.site,
  );
  tellRestart(target.draft, words, `the sequence of ${pathOf(target.name, name ?? '')}`, target.site);
  alterColumn(target, name, (column) => ({
    ...column,
    identity: {
      always: always ?? column.identity?.always ?? false,
      ...resettled(words, column.type.native, column.identity?.options),
    },
  }));
};

/** What is there already keeps its name, is checked, and reaches the tables below. */
const setNotNull: Command = (target, { name, def }) =>
  alterColumn(target, name, (column) => {
    const { name: given } = column.nullable ? {} : notNullOf(column);
    if (!column.nullable) return withNotNull(column, given === undefined ? {} : { name: given });
    return notNullAs(column, def && 'Constraint' in def ? def.Constraint : {});
  });

const setExpression: Command = (target, { name, def }) =>
  alterColumn(target, name, (column) =>
    def ? { ...column, generated: { stored: column.generated?.stored ?? true, expression: printTree(def) } } : column,
  );

/** What is said, in small letters; `default` says nothing. */
const said = (def: Node | undefined): string | undefined => {
  const text = def && optionText(def).toLowerCase();
  return text === undefined || text === 'default' ? undefined : text;
};

const setStorage: Command = (target, { name, def }) =>
  alterColumn(target, name, (column) => {
    const storage = said(def);
    const usual = usualStorage(column.type.native, [...target.draft.types.values()]);
    return withAttributes(column, { storage: storage === usual ? undefined : storage });
  });

const setCompression: Command = (target, { name, def }) =>
  alterColumn(target, name, (column) => withAttributes(column, { compression: said(def) }));

const setStatistics: Command = (target, { name, def }) => {
  const wanted = def && 'Integer' in def ? (def.Integer.ival ?? 0) : -1;
  alterColumn(target, name, (column) => withAttributes(column, { statistics: wanted < 0 ? undefined : wanted }));
};

const setOptions =
  (reset: boolean): Command =>
  (target, { name, def }) => {
    const given = storageOptions(def && 'List' in def ? def.List.items : []) ?? {};
    alterColumn(target, name, (column) => {
      const earlier = (column.attributes?.options ?? {}) as { readonly [name: string]: string };
      const kept = Object.entries(reset ? earlier : { ...earlier, ...given }).filter(
        ([key]) => !reset || !(key in given),
      );
      return withAttributes(column, { options: kept.length === 0 ? undefined : Object.fromEntries(kept) });
    });
  };

/** The actions of ALTER TABLE ... ALTER COLUMN. */
export const columnCommands: { readonly [subtype: string]: Command } = {
  AT_AlterColumnType: changeType,
  AT_ColumnDefault: setDefault,
  AT_SetNotNull: setNotNull,
  AT_DropNotNull: (target, { name }) =>
    alterColumn(target, name, (column) => withNotNull({ ...column, nullable: true }, {})),
  AT_AddIdentity: addIdentity,
  AT_SetIdentity: setIdentity,
  AT_DropIdentity: (target, { name }) =>
    alterColumn(target, name, (column) => withAttributes(without(column, 'identity'), { numberedBy: undefined })),
  AT_SetExpression: setExpression,
  AT_DropExpression: (target, { name }) => alterColumn(target, name, (column) => without(column, 'generated')),
  AT_SetStorage: setStorage,
  AT_SetCompression: setCompression,
  AT_SetStatistics: setStatistics,
  AT_SetOptions: setOptions(false),
  AT_ResetOptions: setOptions(true),
};
