import type { AlterTableCmd, PartitionCmd } from '@pgsql/types';
import {
  type Attributes,
  type Check,
  type Index,
  type ObjectName,
  pathOf,
  type Table,
  type Unique,
} from '@dsem/schema';
import { boundText } from '../normalize/bounds.js';
import { partitionChecks } from '../partition-check.js';
import { contradict, type Draft, keyOf, missing, putTable, refuse, schemaOf, type Site, tableOf } from './draft.js';
import { childrenIn, handDown, standAlone } from './family.js';
import { fullName, inheritedFrom, isCopyOf, isWaiting, withoutAttribute } from './marks.js';
import { type Full, relationOf, sameName } from './names.js';
import { relationIn } from './children.js';

/** A command of ALTER TABLE or ALTER INDEX about one object. */
export interface Target {
  readonly draft: Draft;
  readonly name: Full;
  readonly site: Site;
}

const commandOf = ({ def }: AlterTableCmd): PartitionCmd => (def && 'PartitionCmd' in def ? def.PartitionCmd : {});

const missingColumn = (child: Table, parent: Table): string | undefined => {
  const [own, wanted] = [child.columns.map(({ name }) => name), parent.columns.map(({ name }) => name)];
  return wanted.find((name) => !own.includes(name)) ?? own.find((name) => !wanted.includes(name));
};

const attachPartition = ({ draft, name, site }: Target, { name: relation, bound }: PartitionCmd): void => {
  const parent = tableOf(draft, name, site);
  const child = tableOf(draft, relationOf(relation), site);
  const [path, parentPath] = [pathOf(child), pathOf(name)];
  if (!parent.partitioning) contradict(`The table ${parentPath} is not partitioned.`, parentPath, site);
  if (child.partitionOf ?? child.inherits) contradict(`The table ${path} has a parent already.`, path, site);
  const column = missingColumn(child, parent);
  if (column !== undefined)
    contradict(`${path} cannot be a partition of ${parentPath}: only one of them has ${column}.`, path, site);
  putTable(draft, {
    ...child,
    columns: child.columns.map((one) => inheritedFrom(one)),
    partitionOf: { ...name, bound: bound ? boundText(bound) : 'DEFAULT' },
  });
  handDown(draft, name);
};

/** ATTACH PARTITION, of a table or of the index of a partition. */
export const attach = (target: Target, command: AlterTableCmd): void => {
  const given = commandOf(command);
  if (target.draft.tables.has(keyOf(target.name))) return attachPartition(target, given);
  attachIndex(target, relationOf(given.name));
};

/** Detaching while everyone goes on leaves a check of the bound behind. */
const checkLeft = (draft: Draft, child: Table, site: Site): readonly Check[] => {
  const left = partitionChecks(child, { state: schemaOf(draft), version: '18', style: 'online' })?.left;
  return left
    ? [left]
    : refuse('Only a server knows which check DETACH ... CONCURRENTLY leaves here', pathOf(child), site);
};

/** DETACH PARTITION. */
export const detach = ({ draft, name, site }: Target, command: AlterTableCmd): void => {
  const given = commandOf(command);
  const child = tableOf(draft, relationOf(given.name), site);
  const path = pathOf(child);
  if (!child.partitionOf || !sameName(child.partitionOf, name))
    contradict(`The table ${path} is not a partition of ${pathOf(name)}.`, path, site);
  const left = given.concurrent ? checkLeft(draft, child, site) : [];
  standAlone(draft, fullName(child), name);
  const alone = tableOf(draft, child, site);
  putTable(draft, { ...alone, checks: [...alone.checks, ...left] });
};

type Keyed = Index | Unique;
const keyed = ({ primaryKey, uniques, indexes }: Table): readonly Keyed[] => [
  ...(primaryKey ? [primaryKey] : []),
  ...uniques,
  ...indexes,
];

/** A table with one of its keys or indexes as `change` makes it. */
const withPart = (table: Table, name: string, change: <Part extends Keyed>(part: Part) => Part): Table => {
  const each = <Part extends Keyed>(part: Part): Part => (part.name === name ? change(part) : part);
  return {
    ...table,
    ...(table.primaryKey ? { primaryKey: each(table.primaryKey) } : {}),
    uniques: table.uniques.map(each),
    indexes: table.indexes.map(each),
  };
};

const ready = <Part extends Keyed>(part: Part): Part => {
  const { valid: _, ...rest } = part as Part & { readonly valid?: false };
  return withoutAttribute(rest as Part, 'waiting');
};

const isAttached = (table: Table, origin: string): boolean =>
  keyed(table).some((part) => isCopyOf(part, origin) && !isWaiting(part) && !('valid' in part && part.valid === false));

/** An index of a partitioned table is whole once every partition has its part; that may complete the one above. */
const settle = (draft: Draft, name: ObjectName, part: string): void => {
  const table = draft.tables.get(keyOf(name));
  if (!table || !childrenIn(draft, table).every((child) => isAttached(child, part))) return;
  putTable(draft, withPart(table, part, ready));
  const origin = keyed(table).find((one) => one.name === part)?.attributes?.inherited;
  if (typeof origin === 'string' && table.partitionOf) settle(draft, table.partitionOf, origin);
};

const attachIndex = ({ draft, name, site }: Target, index: Full): void => {
  const [parent, child] = [name, index].map((one) => draft.tables.get(draft.indexOwners.get(keyOf(one)) ?? ''));
  if (!parent) return missing('index', name, site);
  if (!child) return missing('index', index, site);
  putTable(
    draft,
    withPart(child, index.name, (part) => inheritedFrom(part, name.name)),
  );
  settle(draft, parent, name.name);
};

/** Marks an index or key that was added to a partitioned table alone, while it has partitions. */
export const addedAlone = (draft: Draft, name: Full, parts: readonly string[]): void => {
  const table = draft.tables.get(keyOf(name));
  if (!table || childrenIn(draft, table).length === 0) return;
  const waiting = <Part extends Keyed>(part: Part): Part => {
    if ('keys' in part) return { ...part, valid: false };
    const attributes: Attributes = { ...part.attributes, waiting: true };
    return { ...part, attributes };
  };
  putTable(
    draft,
    parts.reduce((all, part) => withPart(all, part, waiting), table),
  );
};

/** Refuses keys whose partitions have not all been attached: the model has no word for such a half. */
export const refuseWaiting = (draft: Draft): void => {
  for (const table of draft.tables.values()) {
    const part = keyed(table).find(isWaiting);
    if (part === undefined) continue;
    const path = pathOf(table, part.name);
    refuse(
      'A key added to ONLY the partitioned table needs ALTER INDEX ... ATTACH PARTITION for every partition',
      path,
      {
        location: { line: 1, column: 1 },
      },
    );
  }
};

/** ALTER TABLE ... INHERIT. */
export const inherit = ({ draft, name, site }: Target, { def }: AlterTableCmd): void => {
  const parent = tableOf(draft, relationIn(def, pathOf(name), site), site);
  const child = tableOf(draft, name, site);
  const path = pathOf(name);
  if (child.partitionOf ?? parent.partitioning)
    contradict(`${path} cannot inherit from ${pathOf(parent)}.`, path, site);
  if (child.inherits?.some((one) => sameName(one, parent)))
    contradict(`${path} inherits from ${pathOf(parent)} already.`, path, site);
  const column = parent.columns.find((one) => !child.columns.some((own) => own.name === one.name));
  if (column) contradict(`${path} cannot inherit from ${pathOf(parent)}: it has no ${column.name}.`, path, site);
  putTable(draft, { ...child, inherits: [...(child.inherits ?? []), fullName(parent)] });
};

/** ALTER TABLE ... NO INHERIT. */
export const leaveParent = ({ draft, name, site }: Target, { def }: AlterTableCmd): void => {
  const parent = relationIn(def, pathOf(name), site);
  const child = tableOf(draft, name, site);
  if (!child.inherits?.some((one) => sameName(one, parent)))
    contradict(`${pathOf(name)} does not inherit from ${pathOf(parent)}.`, pathOf(name), site);
  standAlone(draft, name, parent);
};
