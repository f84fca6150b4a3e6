import { type EngineObject, pathOf } from '@dsem/schema';
import { allPrivileges, everybody, type GrantTarget } from './grants.js';
import { definition, definitionOf } from './objects.js';

export const defaultPrivilegesKind = 'default-privileges';

/** The kinds of objects that have default privileges, as ALTER DEFAULT PRIVILEGES calls them. */
export const defaultTargets = {
  tables: 'relation',
  sequences: 'sequence',
  functions: 'routine',
  types: 'type',
  schemas: 'schema',
} as const satisfies { readonly [objects: string]: GrantTarget['kind'] };

/** What objects are made with from then on. */
export type DefaultObjects = keyof typeof defaultTargets;

/** `definition` of what one grantee may do with objects that are made from then on. */
export interface DefaultPrivileges {
  readonly objects: DefaultObjects;
  readonly grantee: string;
  readonly privileges: readonly string[];
  readonly grantable: readonly string[];
  /** Whose objects; absent for those of whoever carries out definitions. */
  readonly role?: string;
  /** Absent for every schema. */
  readonly schema?: string;
}

/** What everybody may do with new objects when nothing is said; what is said for one schema only adds to it. */
export const usualPrivileges = ({ objects, grantee, schema }: DefaultPrivileges): readonly string[] =>
  grantee === everybody && schema === undefined && (objects === 'functions' || objects === 'types')
    ? allPrivileges[defaultTargets[objects]]
    : [];

const part = (word: string, name: string | undefined): string =>
  name === undefined ? '' : ` ${word} ${pathOf({ name })}`;

/** Default privileges in the model's form. */
export const defaultPrivilegesOf = (given: DefaultPrivileges): EngineObject => {
  const { objects, grantee, privileges, grantable, role, schema } = given;
  const known = allPrivileges[defaultTargets[objects]];
  const sorted = (list: readonly string[]): readonly string[] => known.filter((one) => list.includes(one));
  return {
    kind: defaultPrivilegesKind,
    name: `${grantee} on ${objects}${part('in', schema)}${part('of', role)}`,
    definition: definition({
      objects,
      grantee,
      privileges: sorted(privileges),
      grantable: grantable.length === 0 ? undefined : sorted(grantable),
      role,
      schema,
    }),
  };
};

/** What default privileges say. */
export const defaultPrivilegesIn = (object: EngineObject): DefaultPrivileges => ({
  ...definitionOf<DefaultPrivileges>(object),
  grantable: definitionOf<Partial<DefaultPrivileges>>(object).grantable ?? [],
});

/** The default privileges of whoever carries out definitions that an object of the schema is made with. */
export const defaultsFor = (
  all: Iterable<EngineObject>,
  objects: DefaultObjects,
  schema: string | undefined,
): readonly DefaultPrivileges[] =>
  [...all]
    .filter((one) => one.kind === defaultPrivilegesKind)
    .map(defaultPrivilegesIn)
    .filter((one) => one.role === undefined && one.objects === objects)
    .filter((one) => one.schema === undefined || one.schema === schema);
