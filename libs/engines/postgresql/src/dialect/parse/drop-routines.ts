import type { Node } from '@pgsql/types';
import {
  type Column,
  engineObjectPath,
  type ObjectName,
  onTablePath,
  pathOf,
  type Reference,
  type Routine,
  routinePath,
  routineReference,
  type Standing,
  type Table,
  typeReference,
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

/** What is named, and what its users are said to do with it. */
interface Named {
  readonly name: string;
  readonly reference: Reference;
  readonly verb: string;
  /** What goes itself, where it is a routine. */
  readonly self?: Routine;
}

/** Something that names a routine or type, and how it goes along with it. */
interface User {
  readonly what: string;
  readonly take: () => void;
}

const names = (change: Standing, reference: Reference): boolean => uses(change).hard.includes(reference);

const withoutDefault = ({ default: _, ...rest }: Column): Column => rest;

const columnUsers = (draft: Draft, table: Table, { reference, verb }: Named, site: Site): readonly User[] =>
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
    return [{ what: `the default of ${path} ${verb} it`, take }];
  });

const partUsers = (draft: Draft, table: Table, { reference, verb }: Named): readonly User[] => [
  ...table.checks
    .filter((check) => names({ kind: 'drop-check', object: '', table, check }, reference))
    .map((check) => ({
      what: `the check ${pathOf(table, check.name)} ${verb} it`,
      take: () => putTable(draft, { ...table, checks: table.checks.filter((one) => one !== check) }),
    })),
  ...table.indexes
    .filter((index) => names({ kind: 'drop-index', object: '', table, index }, reference))
    .map((index) => ({
      what: `the index ${pathOf(table, index.name)} ${verb} it`,
      take: () => putTable(draft, { ...table, indexes: table.indexes.filter((one) => one !== index) }),
    })),
];

const codeUsers = (draft: Draft, { name, reference, verb, self }: Named, site: Site): readonly User[] => [
  ...[...draft.triggers.values()]
    .filter((trigger) => names({ kind: 'drop-trigger', object: '', trigger }, reference))
    .map((trigger) => ({
      what: `the trigger ${onTablePath(trigger)} ${verb} it`,
      take: () => void draft.triggers.delete(onTablePath(trigger)),
    })),
  ...[...draft.views.values()]
    .map((view) => ({ ...view, body: { ...view.body, normal: view.body.text } }))
    .filter((view) => mentions(view, name) && names({ kind: 'drop-view', object: '', view }, reference))
    .map((view) => ({ what: `the view ${pathOf(view)} ${verb} it`, take: () => dropView(draft, view) })),
  ...[...draft.policies.values()]
    .filter((policy) => names({ kind: 'drop-policy', object: '', policy }, reference))
    .map((policy) => ({
      what: `the policy ${onTablePath(policy)} ${verb} it`,
      take: () => void draft.policies.delete(onTablePath(policy)),
    })),
  ...[...draft.routines.values()]
    .filter((one) => one !== self && names({ kind: 'drop-routine', object: '', routine: one }, reference))
    .map((one) => ({ what: `${routinePath(one)} ${verb} it`, take: () => takeRoutine(draft, one, site) })),
];

const objectUsers = (draft: Draft, { reference, verb }: Named, site: Site): readonly User[] =>
  [...draft.others.values()]
    .filter((value) => names({ kind: 'drop-object', object: '', value }, reference))
    .map((value) => ({
      what: `${engineObjectPath(value)} ${verb} it`,
      take: () => dropObject(draft, value.kind, value, { ifExists: true, cascade: true }, site),
    }));

const isOverloaded = (draft: Draft, routine: Routine): boolean =>
  [...draft.routines.values()].some((one) => one !== routine && pathOf(one) === pathOf(routine));

function* tableUsers(draft: Draft, named: Named, site: Site): Generator<User> {
  for (const name of [...draft.tables.keys()]) {
    const table = draft.tables.get(name);
    if (!table || !mentions(table, named.name)) continue;
    for (const find of [partUsers, columnUsers]) {
      for (let left = 1; left > 0;) {
        const found = find(draft, draft.tables.get(name) ?? table, named, site);
        left = found.length - 1;
        if (found[0]) yield found[0];
      }
    }
  }
}

/** What names a routine; nothing where the name stands for several, as only a server knows which one is meant. */
function* usersOf(draft: Draft, routine: Routine, site: Site): Generator<User> {
  if (isOverloaded(draft, routine)) return;
  const named = { name: routine.name, reference: routineReference(routine), verb: 'calls', self: routine };
  yield* codeUsers(draft, named, site);
  yield* objectUsers(draft, named, site);
  yield* tableUsers(draft, named, site);
}

/** Code, defaults and conditions that name a type, beside columns and types that are made of it. */
export function* namersOfType(draft: Draft, type: ObjectName, site: Site): Generator<User> {
  const named = { name: type.name, reference: typeReference(type), verb: 'names' };
  yield* codeUsers(draft, named, site);
  yield* tableUsers(draft, named, site);
}

/** Whatever calls the routine goes along with it. */
const takeRoutine = (draft: Draft, routine: Routine, site: Site): void => {
  if (!draft.routines.delete(routinePath(routine))) return;
  dropRoutineGrants(draft, routine);
  for (const user of usersOf(draft, routine, site)) user.take();
};

/** DROP FUNCTION, PROCEDURE or ROUTINE. */
export const dropRoutine = (draft: Draft, node: Node, type: string, { ifExists, cascade, site }: Manner): void => {
  const routine = findRoutine(draft, node, type, site);
  if (!routine) {
    if (!ifExists) missing(type.replace('OBJECT_', '').toLowerCase(), routineName(node), site);
    return;
  }
  const path = routinePath(routine);
  for (const user of cascade ? [] : usersOf(draft, routine, site)) inTheWay(path, user.what, path, site);
  takeRoutine(draft, routine, site);
};
