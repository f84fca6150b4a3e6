import type { z } from 'zod';

/** An event's name, major version and shape, declared once. */
export interface EventDefinition<Name extends string, Version extends number, Shape extends z.ZodType> {
  readonly type: Name;
  readonly version: Version;
  readonly shape: Shape;
  /** Builds the body an aggregate's `decide` returns. */
  readonly of: (data: z.infer<Shape>) => {
    readonly type: Name;
    readonly version: Version;
    readonly data: z.infer<Shape>;
  };
}

/** The body type of a definition: `EventOf<typeof versionRegistered>`. */
export type EventOf<Definition> =
  Definition extends EventDefinition<infer Name, infer Version, infer Shape>
    ? { readonly type: Name; readonly version: Version; readonly data: z.infer<Shape> }
    : never;

/**
 * Declares an event. An optional field whose absence has a stated meaning may be added to it (docs/decisions/0015); any
 * other change of its shape is a new version with an upcaster beside it, never an edit.
 */
export const defineEvent = <Name extends string, Version extends number, Shape extends z.ZodType>(
  type: Name,
  version: Version,
  shape: Shape,
): EventDefinition<Name, Version, Shape> => ({ type, version, shape, of: (data) => ({ type, version, data }) });
