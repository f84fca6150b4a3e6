import { type Change, type Column, type ObjectName, pathOf, type Schema, type View } from '@dsem/schema';
import { operation, type Operation, type Recipe } from '../operation.js';

/** A column, or a whole table where `column` is absent, that cannot change while a view reads it. */
interface Pin {
  readonly table: string;
  readonly column?: string;
}

const columnsOfType = (schema: Schema, type: ObjectName): readonly Pin[] => {
  const uses = (column: Column): boolean => column.type.native.includes(type.name);
  return schema.tables.flatMap((table) =>
    table.columns.filter(uses).map((column) => ({ table: pathOf(table), column: column.name })),
  );
};

const losesLabels = (change: Change): boolean =>
  change.kind === 'alter-type' &&
  change.from.kind === 'enum' &&
  change.to.kind === 'enum' &&
  !isSubsequence(change.from.labels, change.to.labels);

const isSubsequence = (part: readonly string[], whole: readonly string[]): boolean => {
  let at = 0;
  for (const one of whole) if (one === part[at]) at += 1;
  return at === part.length;
};

const pinsOf = (change: Change, from: Schema): readonly Pin[] => {
  switch (change.kind) {
    case 'change-column-type':
      return [{ table: pathOf(change.table), column: change.from.name }];
    case 'alter-column':
      return [{ table: pathOf(change.table), column: change.from.name }];
    case 'rename-column':
      return [{ table: pathOf(change.table), column: change.from }];
    case 'rename-table':
      return [{ table: pathOf(change.from) }];
    case 'alter-type':
      return losesLabels(change) ? columnsOfType(from, change.from) : [];
    case 'drop-table':
    case 'alter-view':
    case 'drop-view':
      return [{ table: change.object }];
    default:
      return [];
  }
};

const mentions = (text: string, name: string): boolean =>
  text.split(/[^\p{L}\p{N}_$]+/u).includes(name) || text.includes(`"${name.replaceAll('"', '""')}"`);

const reads = (view: View, pin: Pin): boolean =>
  view.body.uses.includes(pin.table) && (pin.column === undefined || mentions(view.body.normal, pin.column));

/** Views that stand in the way of a change, with the change; readers of such views included. */
const pinned = ({ from, changes }: Recipe): ReadonlyMap<string, number> => {
  const found = new Map<string, number>();
  const pins = changes.flatMap((change, origin) => pinsOf(change, from).map((pin) => ({ pin, origin })));
  for (let at = 0; at < pins.length; at += 1) {
    const { pin, origin } = pins[at]!;
    for (const view of from.views.filter((one) => reads(one, pin))) {
      const path = pathOf(view);
      if (found.has(path)) continue;
      found.set(path, origin);
      pins.push({ pin: { table: path }, origin });
    }
  }
  return found;
};

const drop = (view: View, origin: number): Operation =>
  operation({ kind: 'drop-view', object: pathOf(view), view }, origin);
const create = (view: View, origin: number): Operation =>
  operation({ kind: 'create-view', object: pathOf(view), view }, origin);

/**
 * What happens to views: those that stand in the way go before the other changes and come back after them; the others
 * are altered where they stand.
 */
export const viewOperations = (recipe: Recipe): readonly Operation[] => {
  const { from, to, changes, capabilities } = recipe;
  const away = capabilities.viewsPinColumns ? pinned(recipe) : new Map<string, number>();
  const said = changes.flatMap((change, origin): readonly Operation[] => {
    if (change.kind === 'create-view' || change.kind === 'drop-view') return [operation(change, origin)];
    if (change.kind !== 'alter-view') return [];
    if (!away.has(change.object)) return [operation(change, origin)];
    return [drop(change.from, origin), create(change.to, origin)];
  });
  const handled = new Set(said.map(({ rendered }) => rendered.object));
  const kept = [...away].filter(([path]) => !handled.has(path));
  return [
    ...said,
    ...kept.flatMap(([path, origin]) => {
      const view = from.views.find((one) => pathOf(one) === path);
      const again = to.views.find((one) => pathOf(one) === path);
      return view && again ? [drop(view, origin), create(again, origin)] : [];
    }),
  ];
};
