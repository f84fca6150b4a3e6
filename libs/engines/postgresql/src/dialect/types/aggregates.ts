import type { RoutineArgument } from './code.js';

/** The parts of an aggregate that name functions. */
export const functionParts: ReadonlySet<string> = new Set([
  'sfunc',
  'finalfunc',
  'combinefunc',
  'serialfunc',
  'deserialfunc',
  'msfunc',
  'minvfunc',
  'mfinalfunc',
]);

/** The parts of an aggregate that name types. */
export const typeParts: ReadonlySet<string> = new Set(['stype', 'mstype']);

/** Every part in the order in which it is written. */
export const aggregateParts = [
  'sfunc',
  'stype',
  'sspace',
  'finalfunc',
  'finalfunc_extra',
  'finalfunc_modify',
  'combinefunc',
  'serialfunc',
  'deserialfunc',
  'initcond',
  'msfunc',
  'minvfunc',
  'mstype',
  'msspace',
  'mfinalfunc',
  'mfinalfunc_extra',
  'mfinalfunc_modify',
  'minitcond',
  'sortop',
] as const;

/** Of an aggregate; every value that the server would take anyway is absent. */
export interface AggregateAttributes {
  readonly arguments?: readonly RoutineArgument[];
  /** Of an ordered-set aggregate: how many arguments stand in front of ORDER BY. */
  readonly direct?: number;
  readonly hypothetical?: true;
  readonly parallel?: 'safe' | 'restricted';
  /**
   * What CREATE AGGREGATE says, by its words in small letters: functions and operators of the server without a schema,
   * types as `format_type` spells them, `true` for what is switched on.
   */
  readonly parts: { readonly [Part in (typeof aggregateParts)[number]]?: string };
}
