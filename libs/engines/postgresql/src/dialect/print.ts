import {
  type Change,
  type ChangeOf,
  DependencyCycle,
  dependencyOrder,
  engineObjectPath,
  madeBy,
  onTablePath,
  pathOf,
  type Reference,
  routinePath,
  type Schema,
  type Sequence,
  shapeNeeds,
  sidesOf,
  type Table,
  UnsupportedChange,
} from '@dsem/schema';
import { render } from './render.js';
import { uses } from './uses.js';

const unowned = ({ ownedBy: _, ...sequence }: Sequence): Sequence => sequence;
const withoutReferences = (table: Table): Table => ({ ...table, foreignKeys: [] });

const ownership = (sequence: Sequence): Change => {
  const { comment: _, ...to } = sequence;
  const { comment: __, ...from } = unowned(sequence);
  return { kind: 'alter-sequence', object: pathOf(sequence), from, to };
};

const references = (table: Table): readonly ChangeOf<'add-foreign-key'>[] =>
  table.foreignKeys.map((foreignKey) => ({
    kind: 'add-foreign-key',
    object: pathOf(table, foreignKey.name),
    table,
    foreignKey,
  }));

/** Everything a state holds as its creation, in the usual order of kinds. */
const creations = (schema: Schema): readonly Change[] => [
  ...schema.namespaces.map((namespace): Change => ({ kind: 'create-namespace', object: namespace.name, namespace })),
  ...schema.extensions.map((extension): Change => ({ kind: 'create-extension', object: extension.name, extension })),
  ...schema.types.map((type): Change => ({ kind: 'create-type', object: pathOf(type), type })),
  ...schema.sequences.map((sequence): Change => ({
    kind: 'create-sequence',
    object: pathOf(sequence),
    sequence: unowned(sequence),
  })),
  ...schema.tables.map((table): Change => ({
    kind: 'create-table',
    object: pathOf(table),
    table: withoutReferences(table),
  })),
  ...schema.sequences.filter(({ ownedBy }) => ownedBy !== undefined).map(ownership),
  ...schema.tables.flatMap(references),
  ...schema.routines.map((routine): Change => ({ kind: 'create-routine', object: routinePath(routine), routine })),
  ...schema.views.map((view): Change => ({ kind: 'create-view', object: pathOf(view), view })),
  ...schema.triggers.map((trigger): Change => ({ kind: 'create-trigger', object: onTablePath(trigger), trigger })),
  ...schema.policies.map((policy): Change => ({ kind: 'create-policy', object: onTablePath(policy), policy })),
  ...schema.others.map((value): Change => ({ kind: 'create-object', object: engineObjectPath(value), value })),
  ...schema.grants.map((grant): Change => ({ kind: 'create-grant', object: grant.name, grant })),
];

type Places = ReadonlyMap<Reference, readonly number[]>;

const makersOf = (changes: readonly Change[]): Places => {
  const makers = new Map<Reference, number[]>();
  changes.forEach((change, at) => {
    for (const reference of madeBy(change)) makers.set(reference, [...(makers.get(reference) ?? []), at]);
  });
  return makers;
};

const others = (names: readonly Reference[], makers: Places, own: number): readonly number[] => [
  ...new Set(names.flatMap((name) => makers.get(name) ?? []).filter((at) => at !== own)),
];

/** Each creation after those it needs. O(objects + names). @throws UnsupportedChange when objects need each other. */
const inOrder = (changes: readonly Change[]): readonly Change[] => {
  const makers = makersOf(changes);
  const named = changes.map((change, at) => {
    const { after } = sidesOf(change);
    if (after === undefined) return { needs: [], wishes: [] };
    const { hard, soft } = uses(after);
    return { needs: others([...shapeNeeds(after), ...hard], makers, at), wishes: others(soft, makers, at) };
  });
  const [needs, wishes] = [named.map((one) => one.needs), named.map((one) => one.wishes)];
  try {
    return dependencyOrder(changes.length, needs, wishes).map((at) => changes[at]!);
  } catch (error) {
    if (!(error instanceof DependencyCycle)) throw error;
    const circle = error.members.map((at) => changes[at]!.object);
    throw new UnsupportedChange(`These objects need each other: ${circle.join(', ')}`, {
      object: circle[0] ?? '',
      cause: error,
    });
  }
};

/**
 * DDL that builds a state on an empty database, in a workable order.
 * @throws UnsupportedChange naming the object that cannot be printed.
 */
export const print = (schema: Schema): readonly string[] =>
  inOrder(creations(schema)).flatMap((change) =>
    render(change, { state: schema, version: '18', style: 'offline' }).map(({ text }) => text),
  );
