import type { Node } from '@pgsql/types';
import {
  type Column,
  engineObjectPath,
  onTablePath,
  pathOf,
  type Reference,
  type Routine,
  routinePath,
  routineReference,
  type Standing,
  type Table,
} from '@dsem/schema';
import { expressionReferences } from '../references.js';
import { uses } from '../uses.js';
import { type Draft, missing, putTable, type Site } from './draft.js';
import { dropColumn, dropView } from './drop-parts.js';
import { mentions } from './follow.js';
import { dropRoutineGrants } from './grants-follow.js';
import { inTheWay } from './in-the-way.js';
import { dropObject } from './object-drops.js';
import { fullName } from './marks.js';
import { findRoutine, routineName } from './routines.js';

interface Manner {
  readonly ifExists: boolean;
  readonly cascade: boolean;
  readonly site: Site;
}

/** Something that names a routine, and how it goes along with it. */
interface User {
  readonly what: string;
  readonly take: () => void;
}

const names = (change: Standing, reference: Reference): boolean => uses(change).hard.includes(reference);

const withoutDefault = ({ default: _, ...rest }: Column): Column => rest;

const columnUsers = (draft: Draft, table: Table, reference: Reference, site: Site): readonly User[] =>
  table.columns.flatMap((column): readonly User[] => {
    const path = pathOf(table, column.name);
    if (expressionReferences(column.generated?.expression).includes(reference)) {
      const take = (): void => dropColumn(draft, fullName(table), column.name, { ifExists: true, cascade: true }, site);
      return [{ what: `the column ${path} is computed by it`, take }];
    }
    if (!expressionReferences(column.default).includes(reference)) return [];
    const take = (): void => {
      const columns = table.columns.map((one) => (one.name === column.name ? withoutDefault(one) : one));
      putTable(draft, { ...table, columns });
    };
    return [{ what: `the default of ${path} calls it`, take }];
  });

const partUsers = (draft: Draft, table: Table, reference: Reference): readonly User[] => [
  ...table.checks
    .filter((check) => names({ kind: 'drop-check', object: '', table, check }, reference))
    .map((check) => ({
      what: `the check ${pathOf(table, check.name)} calls it`,
      take: () => putTable(draft, { ...table, checks: table.checks.filter((one) => one !== check) }),
    })),
  ...table.indexes
    .filter((index) => names({ kind: 'drop-index', object: '', table, index }, reference))
    .map((index) => ({
      what: `the index ${pathOf(table, index.name)} calls it`,
      take: () => putTable(draft, { ...table, indexes: table.indexes.filter((one) => one !== index) }),
    })),
];

const codeUsers = (draft: Draft, routine: Routine, reference: Reference): readonly User[] => [
  ...[...draft.triggers.values()]
    .filter((trigger) => names({ kind: 'drop-trigger', object: '', trigger }, reference))
    .map((trigger) => ({
      what: `the trigger ${onTablePath(trigger)} calls it`,
      take: () => void draft.triggers.delete(onTablePath(trigger)),
    })),
  ...[...draft.views.values()]
    .map((view) => ({ ...view, body: { ...view.body, normal: view.body.text } }))
    .filter((view) => mentions(view, routine.name) && names({ kind: 'drop-view', object: '', view }, reference))
    .map((view) => ({ what: `the view ${pathOf(view)} calls it`, take: () => dropView(draft, view) })),
  ...[...draft.policies.values()]
    .filter((policy) => names({ kind: 'drop-policy', object: '', policy }, reference))
    .map((policy) => ({
      what: `the policy ${onTablePath(policy)} calls it`,
      take: () => void draft.policies.delete(onTablePath(policy)),
    })),
  ...[...draft.routines.values()]
    .filter((one) => one !== routine && names({ kind: 'drop-routine', object: '', routine: one }, reference))
    .map((one) => ({ what: `${routinePath(one)} calls it`, take: () => takeRoutine(draft, one) })),
];

const objectUsers = (draft: Draft, reference: Reference, site: Site): readonly User[] =>
  [...draft.others.values()]
    .filter((value) => names({ kind: 'drop-object', object: '', value }, reference))
    .map((value) => ({
      what: `${engineObjectPath(value)} calls it`,
      take: () => dropObject(draft, value.kind, value, { ifExists: true, cascade: true }, site),
    }));

const isOverloaded = (draft: Draft, routine: Routine): boolean =>
  [...draft.routines.values()].some((one) => one !== routine && pathOf(one) === pathOf(routine));

/** What names a routine; nothing where the name stands for several, as only a server knows which one is meant. */
function* usersOf(draft: Draft, routine: Routine, site: Site): Generator<User> {
  if (isOverloaded(draft, routine)) return;
  const reference = routineReference(routine);
  yield* codeUsers(draft, routine, reference);
  yield* objectUsers(draft, reference, site);
  for (const name of [...draft.tables.keys()]) {
    const table = draft.tables.get(name);
    if (!table || !mentions(table, routine.name)) continue;
    for (const find of [partUsers, columnUsers]) {
      for (let left = 1; left > 0;) {
        const found = find(draft, draft.tables.get(name) ?? table, reference, site);
        left = found.length - 1;
        if (found[0]) yield found[0];
      }
    }
  }
}

const takeRoutine = (draft: Draft, routine: Routine): void => {
  draft.routines.delete(routinePath(routine));
  dropRoutineGrants(draft, routine);
};

/** DROP FUNCTION, PROCEDURE or ROUTINE. */
export const dropRoutine = (draft: Draft, node: Node, type: string, { ifExists, cascade, site }: Manner): void => {
  const routine = findRoutine(draft, node, type, site);
  if (!routine) {
    if (!ifExists) missing(type.replace('OBJECT_', '').toLowerCase(), routineName(node), site);
    return;
  }
  const path = routinePath(routine);
  for (const user of usersOf(draft, routine, site)) {
    if (!cascade) inTheWay(path, user.what, path, site);
    user.take();
  }
  takeRoutine(draft, routine);
};
