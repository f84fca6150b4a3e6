import { InconsistentDefinition, isOwnership, objectReference, ownersIn, ownershipOf, pathOf } from '@dsem/schema';
import type { EngineObject, Grant, ObjectName, Reference, Schema } from '@dsem/schema';
import { operatorCalled } from './code-objects.js';
import { everybody, onText, partsOf, targetOf } from './grants.js';
import { type ObjectKind, objectKinds } from './objects.js';
import { defaultNamespace } from './types.js';

const withoutOwner: readonly ObjectKind[] = [
  objectKinds.cast,
  objectKinds.transform,
  objectKinds.parser,
  objectKinds.template,
];

/** The kinds of objects that only PostgreSQL has and that belong to somebody. */
export const ownedKinds: readonly ObjectKind[] = Object.values<ObjectKind>(objectKinds).filter(
  (kind) => !withoutOwner.includes(kind),
);

/** The role that owns the schema `public` from 15 on, unless somebody changes that. */
export const publicOwner = 'pg_database_owner';

/** The kind and name of an object that only PostgreSQL has, as a grant names it; undefined where it is another one. */
export const ownedObject = (on: string): Pick<EngineObject, 'kind' | 'namespace' | 'name'> | undefined => {
  const kind = ownedKinds.find((one) => on.startsWith(`${one.kind} `));
  if (kind === undefined) return undefined;
  const parts = partsOf(on.slice(kind.kind.length + 1)) ?? [];
  const [first, second] = parts;
  if (first === undefined || parts.length > (kind.placed ? 2 : 1)) return undefined;
  if (!kind.placed) return { kind: kind.kind, name: first };
  return second === undefined
    ? { kind: kind.kind, namespace: defaultNamespace, name: first }
    : { kind: kind.kind, namespace: first, name: second };
};

/** The path under which a grant names the object of a kind. */
export const ownedPath = ({ kind, ...name }: { readonly kind: string } & ObjectName): string =>
  `${kind} ${pathOf(name)}`;

const targetPath = (grant: Grant): string => {
  const target = targetOf(grant);
  if (target.kind === 'column' || target.kind === 'sequence of')
    throw new InconsistentDefinition(`${grant.name}: ${grant.on} belongs to whom its table does.`, {
      object: grant.name,
    });
  return onText(target);
};

/** Who owns what in normal form; none where the object belongs to another one. */
export const normalOwnership = (grant: Grant, belonging: ReadonlySet<string>): readonly Grant[] => {
  const object = ownedObject(grant.on);
  const on = object === undefined ? targetPath(grant) : ownedPath(object);
  if (grant.grantee === everybody)
    throw new InconsistentDefinition(`${grant.name}: everybody cannot own ${on}.`, { object: grant.name });
  return belonging.has(on) ? [] : [ownershipOf(grant.grantee, on)];
};

/** The sequences that belong to a column, and so to whom its table does, as grants name them. */
export const belongingSequences = ({ sequences }: Pick<Schema, 'sequences'>): ReadonlySet<string> =>
  new Set(
    sequences.flatMap((one) =>
      one.ownedBy === undefined ? [] : [`sequence ${pathOf({ ...one, namespace: one.namespace ?? defaultNamespace })}`],
    ),
  );

/** An object that only PostgreSQL has as others name it, told from its path. */
export const ownedReference = ({ kind, ...name }: Pick<EngineObject, 'kind' | 'namespace' | 'name'>): Reference => {
  if (kind === objectKinds.operator.kind) {
    const operator = name.name.slice(0, name.name.indexOf('('));
    return objectReference(kind, { name: operatorCalled(name, operator) });
  }
  if (kind === objectKinds.operatorClass.kind)
    return objectReference(kind, { name: name.name.slice(0, name.name.lastIndexOf(' using ')) });
  return objectReference(kind, name);
};

const found = new WeakMap<Schema, ReturnType<typeof ownersIn>>();

/** Tells by what a grant stands on who owns that in a state; O(state) the first time. */
export const ownersOf = (state: Schema): ReturnType<typeof ownersIn> => {
  const known = found.get(state) ?? ownersIn(state);
  found.set(state, known);
  return known;
};

/** Whether a grant is about a type itself. */
export const isOnType = (grant: Grant): boolean =>
  isOwnership(grant) ? grant.on.startsWith('type ') : targetOf(grant).kind === 'type';
