import type { Schema } from '@dsem/schema';

/** What of states is managed here; all of it where nothing is said. */
export interface Managed {
  readonly privileges?: boolean | undefined;
  readonly owners?: boolean | undefined;
}

/** A state with the schema that is to be settled; `spell` is there where a server stands behind it. */
interface Compared {
  readonly schema: Schema;
  readonly spell?: unknown;
}

/** How a schema changes with that of the first state, where there is another one. */
type Beside = (schema: Schema, first: Schema | undefined) => Schema;

const all = <State extends Compared>(states: readonly State[], beside: Beside): readonly State[] => {
  const first = states.length > 1 ? states[0]?.schema : undefined;
  return states.map((state) => ({ ...state, schema: beside(state.schema, first) }));
};

/** What a live database says of owners counts beside a definition only as far as that says something. */
const asAsked = async <State extends Compared>(states: readonly State[]): Promise<readonly State[]> => {
  const [first, ...others] = states;
  if (first === undefined || first.spell !== undefined || others.every(({ spell }) => spell === undefined))
    return states;
  const { withOwnersSaidBy } = await import('@dsem/schema');
  return states.map((state) =>
    state.spell === undefined ? state : { ...state, schema: withOwnersSaidBy(state.schema, first.schema) },
  );
};

/** A state alone has no owners; states that are compared have those of the first one. */
const besideOwners = async <State extends Compared>(states: readonly State[]): Promise<readonly State[]> => {
  const { withoutOwners, withOwnersOf } = await import('@dsem/schema');
  return all(states, (schema, first) => (first === undefined ? withoutOwners(schema) : withOwnersOf(schema, first)));
};

/** The same with privileges. */
const besidePrivileges = async <State extends Compared>(states: readonly State[]): Promise<readonly State[]> => {
  const { withGrantsOf, withoutPrivileges } = await import('@dsem/schema');
  return all(states, (schema, first) =>
    first === undefined ? withoutPrivileges(schema) : withGrantsOf(schema, first),
  );
};

/** States as they are compared where privileges or owners may be managed elsewhere. O(states). */
export const settled = async <State extends Compared>(
  states: readonly State[],
  { privileges, owners }: Managed,
): Promise<readonly State[]> => {
  const owned = owners === false ? await besideOwners(states) : await asAsked(states);
  return privileges === false ? besidePrivileges(owned) : owned;
};
