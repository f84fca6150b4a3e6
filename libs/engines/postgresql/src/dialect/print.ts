import {
  apartFromCallers,
  type Change,
  type ChangeOf,
  engineObjectPath,
  type Grant,
  inOrderOf,
  isOwnership,
  onTablePath,
  orderByNames,
  pathOf,
  routinePath,
  type Schema,
  type Sequence,
  type Table,
} from '@dsem/schema';
import { defaultPrivilegesKind } from './default-privileges.js';
import { grantableOf, grantOf, onText, targetOf } from './grants.js';
import { publicOwner } from './owners.js';
import { objectName } from './parse/auto-names.js';
import { render } from './render.js';
import { defaultNamespace } from './types.js';
import { uses } from './uses.js';

const unowned = ({ ownedBy: _, ...sequence }: Sequence): Sequence => sequence;

/** A table, and after it what calls routines that take its rows. */
const tableParts = (whole: Table, schema: Schema): readonly Change[] => {
  const { table, checks, indexes } = apartFromCallers({ ...whole, foreignKeys: [] }, schema, uses);
  return [
    { kind: 'create-table', object: pathOf(table), table },
    ...checks.map((check): Change => ({ kind: 'add-check', object: pathOf(table, check.name), table, check })),
    ...indexes.map((index): Change => ({ kind: 'create-index', object: pathOf(table, index.name), table, index })),
  ];
};

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

/** Where everything is made anew, the sequence behind an identity column has the name that the server gives it. */
const byName = (grant: Grant): Grant => {
  const target = targetOf(grant);
  if (target.kind !== 'sequence of') return grant;
  const name = objectName(target.name, target.column, 'seq');
  const on = onText({ kind: 'sequence', namespace: target.namespace, name });
  return grantOf(grant.grantee, on, grant.privileges, grantableOf(grant));
};

/** Whether the server gives an object to its owner by itself, from 15 on. */
const isServers = ({ on, grantee }: Grant): boolean => on === `schema ${defaultNamespace}` && grantee === publicOwner;

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
  ...schema.tables.flatMap((table) => tableParts(table, schema)),
  ...schema.sequences.filter(({ ownedBy }) => ownedBy !== undefined).map(ownership),
  ...schema.tables.flatMap(references),
  ...schema.routines.map((routine): Change => ({ kind: 'create-routine', object: routinePath(routine), routine })),
  ...schema.views.map((view): Change => ({ kind: 'create-view', object: pathOf(view), view })),
  ...schema.triggers.map((trigger): Change => ({ kind: 'create-trigger', object: onTablePath(trigger), trigger })),
  ...schema.policies.map((policy): Change => ({ kind: 'create-policy', object: onTablePath(policy), policy })),
  ...schema.others.map((value): Change => ({ kind: 'create-object', object: engineObjectPath(value), value })),
  ...[
    ...schema.grants.filter((grant) => isOwnership(grant) && !isServers(grant)),
    ...schema.grants.filter((grant) => !isOwnership(grant)).map(byName),
  ].map((grant): Change => ({ kind: 'create-grant', object: grant.name, grant })),
];

/**
 * DDL that builds a state on an empty database, in a workable order: default privileges after the objects that are not to
 * be made with them. O(objects + names).
 * @throws UnsupportedChange naming the object that cannot be printed, or the objects that need each other.
 */
export const print = (schema: Schema): readonly string[] => {
  const changes = creations(schema);
  const state = { ...schema, others: schema.others.filter(({ kind }) => kind !== defaultPrivilegesKind) };
  const ungranted = { ...state, grants: schema.grants.filter(isOwnership) };
  return inOrderOf(changes, orderByNames(changes, uses)).flatMap((at) => {
    const change = changes[at]!;
    const isOwner = change.kind === 'create-grant' && isOwnership(change.grant);
    const context = { state: isOwner ? ungranted : state, version: '18', style: 'offline' } as const;
    return render(change, context).map(({ text }) => text);
  });
};
