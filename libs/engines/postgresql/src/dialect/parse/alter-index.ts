import type { AlterTableCmd } from '@pgsql/types';
import { type Attributes, type Index, type IndexKey, pathOf, type Table, type Unique, type View } from '@dsem/schema';
import { contradict, type Draft, keyOf, missing, putTable, putView, refuse, type Site } from './draft.js';
import { withoutAttribute } from './marks.js';
import type { Full } from './names.js';
import { withOptions } from './options.js';

type Part = Index | Unique;
type Change = (part: Part) => Part;

const changed = (parts: readonly Part[] | undefined, name: string, change: Change): readonly Part[] | undefined =>
  parts?.map((part) => (part.name === name ? change(part) : part));

const inTable = (table: Table, name: string, change: Change): Table => {
  const { primaryKey } = table;
  return {
    ...table,
    ...(primaryKey?.name === name ? { primaryKey: change(primaryKey) as Unique } : {}),
    uniques: changed(table.uniques, name, change) as readonly Unique[],
    indexes: changed(table.indexes, name, change) as readonly Index[],
  };
};

const alterPart = (draft: Draft, { name, ...full }: Full, change: Change, site: Site): void => {
  const owner = draft.indexOwners.get(keyOf({ ...full, name })) ?? '';
  const [table, view] = [draft.tables.get(owner), draft.views.get(owner)];
  if (table) putTable(draft, inTable(table, name, change));
  else if (view) putView(draft, { ...view, indexes: changed(view.indexes, name, change) } as View);
  else missing('index', { ...full, name }, site);
};

const withAttributes = (part: Part, attributes: Attributes): Part => {
  const { attributes: _, ...rest } = part;
  return Object.keys(attributes).length === 0 ? rest : { ...rest, attributes };
};

const withTarget = (key: IndexKey, target: number): IndexKey =>
  target < 0 ? withoutAttribute(key, 'statistics') : { ...key, attributes: { ...key.attributes, statistics: target } };

const setStatistics =
  ({ num = 0, def }: AlterTableCmd, path: string, site: Site): Change =>
  (part) => {
    const key = 'keys' in part ? part.keys[num - 1] : undefined;
    if (key === undefined || !('keys' in part)) return contradict(`The index ${path} has no such key.`, path, site);
    if (key.expression === undefined)
      contradict(`The index ${path} has a statistics target for expressions only.`, path, site);
    const target = def && 'Integer' in def ? (def.Integer.ival ?? 0) : -1;
    return { ...part, keys: part.keys.map((one) => (one === key ? withTarget(key, target) : one)) };
  };

/** One command of ALTER INDEX: storage parameters, and the statistics target of an expression. */
export const alterIndex = (draft: Draft, name: Full, command: AlterTableCmd, site: Site): void => {
  const path = pathOf(name);
  const options =
    (reset: boolean): Change =>
    (part) =>
      withAttributes(part, withOptions(part.attributes, command.def, reset));
  switch (command.subtype) {
    case 'AT_SetRelOptions':
      return alterPart(draft, name, options(false), site);
    case 'AT_ResetRelOptions':
      return alterPart(draft, name, options(true), site);
    case 'AT_SetStatistics':
      return alterPart(draft, name, setStatistics(command, path, site), site);
    default:
      return refuse(`ALTER INDEX with ${(command.subtype ?? '').replace('AT_', '')} is not supported`, path, site);
  }
};
