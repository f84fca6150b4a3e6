import type { Location } from './finding.js';

/**
 * A refusal with a stable code, what was wrong, where, and what to do.
 *
 * The ancestor of every error that a person may see; HTTP problems and CLI refusals print it as it is.
 */
export abstract class Refusal extends Error {
  /** `DSEM-nnnn`, listed once in `libs/api/src/codes.ts`. */
  abstract readonly code: string;
  abstract readonly title: string;
  abstract readonly fix: string;
  readonly location?: Location;
  readonly object?: string;
  /** Further refusals of the same input; whoever shows this one lists them with it. */
  others?: readonly Refusal[];

  constructor(detail: string, options: { cause?: unknown; location?: Location; object?: string } = {}) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    if (options.location !== undefined) this.location = options.location;
    if (options.object !== undefined) this.object = options.object;
  }

  /** This refusal, with the others of the same input listed. */
  with(others: readonly Refusal[]): this {
    if (others.length > 0) this.others = others;
    return this;
  }
}

/** Thrown when a source text is not valid in its engine's language. */
export class DefinitionSyntaxError extends Refusal {
  readonly code = 'DSEM-2001';
  readonly title = 'The definition is not valid';
  readonly fix = 'Correct the text at the place named, then try again.';
}

/** Thrown when a statement or object is understood but not supported, always with the object's name. */
export class UnsupportedDefinition extends Refusal {
  readonly code = 'DSEM-2002';
  readonly title = 'The definition holds something that is not supported';
  readonly fix: string = 'Take the object out of the definition, or write it in a supported form.';
}

/** Thrown when what a statement leaves behind depends on what only a server knows: rows, results, its own catalogue. */
export class NeedsServer extends UnsupportedDefinition {
  override readonly fix =
    'Let a server replay the script: `dsem inspect --via embedded` (or `--via <url>`); or write out what it makes.';
}

/** Thrown when a canonical JSON definition has the wrong shape. */
export class DefinitionShapeError extends Refusal {
  readonly code = 'DSEM-2003';
  readonly title = 'The definition has the wrong shape';
  readonly fix: string = 'Compare it with the JSON Schema printed by `dsem help json-schemas`.';
}

/** Thrown when an object, or the whole, has more parts than what is read again from its canonical JSON may have. */
export class DefinitionTooLarge extends DefinitionShapeError {
  override readonly fix = 'Split what is named, or leave out parts of it; the limit is above what any engine allows.';
}

/** Thrown when the objects of a definition contradict each other (unknown table, duplicate name, missing column). */
export class InconsistentDefinition extends Refusal {
  readonly code = 'DSEM-2004';
  readonly title = 'The definition contradicts itself';
  readonly fix = 'Define the missing object, or remove the duplicate or the reference.';
}

/** Thrown when an engine cannot carry out a change; names the object and the operands. */
export class UnsupportedChange extends Refusal {
  readonly code = 'DSEM-2104';
  readonly title = 'The engine cannot make this change';
  readonly fix = 'Split the change over several versions, or reach the target in another way.';
}

/** Thrown when two states of different engines are compared. */
export class EngineMismatch extends Refusal {
  readonly code = 'DSEM-2005';
  readonly title = 'The two states belong to different engines';
  readonly fix = 'Give both states for the same engine.';
}
