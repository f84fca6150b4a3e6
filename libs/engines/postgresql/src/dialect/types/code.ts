import type { Attributes } from '@dsem/schema';

/** One argument of a routine; `mode` is absent for plain input. */
export interface RoutineArgument {
  readonly name?: string;
  readonly mode?: 'out' | 'inout' | 'variadic' | 'table';
  readonly type: string;
  readonly default?: string;
}

/** Of a function or procedure; every value that the server would take anyway is absent. */
export interface RoutineAttributes {
  readonly arguments?: readonly RoutineArgument[];
  readonly volatility?: 'immutable' | 'stable';
  readonly strict?: true;
  readonly securityDefiner?: true;
  readonly leakproof?: true;
  readonly parallel?: 'safe' | 'restricted';
  readonly cost?: string;
  readonly rows?: string;
  readonly support?: string;
  readonly window?: true;
  /** Settings in force while it runs, by name; lists in the form the server stores. */
  readonly settings?: { readonly [name: string]: string };
  /** Types whose values are passed through their transform. */
  readonly transforms?: readonly string[];
  /** The library of a C function; its body is the symbol. */
  readonly library?: string;
  /** The body is SQL that the server keeps parsed (`RETURN x`, `BEGIN ATOMIC ... END`). */
  readonly sqlBody?: true;
}

/** Of a trigger; its body is the call, such as `public.touch('a')`. */
export interface TriggerAttributes {
  readonly timing: 'before' | 'after' | 'instead of';
  /** In the order insert, delete, update, truncate. */
  readonly events: readonly ('insert' | 'delete' | 'update' | 'truncate')[];
  /** Columns of `UPDATE OF`, in the order given. */
  readonly columns?: readonly string[];
  readonly row?: true;
  readonly when?: string;
  readonly oldTable?: string;
  readonly newTable?: string;
  readonly constraint?: true;
  readonly deferrable?: true;
  readonly initiallyDeferred?: true;
  /** The other table of a constraint trigger. */
  readonly from?: { readonly namespace: string; readonly name: string };
  /** Absent while it fires as usual. */
  readonly enabled?: 'disabled' | 'replica' | 'always';
}

/** The attributes of a noun as the kind declares them. */
export const attributesAs = <Kind>(value: { readonly attributes?: Attributes }): Kind =>
  (value.attributes ?? {}) as Kind;
