import { DefinitionSyntaxError, type Location } from '@dsem/schema';

/**
 * How many levels the parse tree of a statement that somebody wrote may have, counted in its JSON form: an operator
 * takes two, a nested query seven. The walkers and the printer need more than three times as many to run out of stack.
 */
export const statementLevels = 1_000;

/** How many levels a tree made of our own text may have: normalizing writes out casts and names, which adds some. */
export const normalLevels = 2_000;

const isTree = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Whether a tree has more levels than `limit`; it asks level by level, so that no depth can exhaust it. O(nodes). */
export const deeperThan = (tree: unknown, limit: number): boolean => {
  let level: readonly object[] = [tree].filter(isTree);
  for (let depth = 0; level.length > 0; depth++) {
    if (depth === limit) return true;
    level = level.flatMap((one) => Object.values(one).filter(isTree));
  }
  return false;
};

/** The words for a limit of levels. */
export const levels = (limit: number): string => `${limit} levels of its tree`;

/** Thrown when a statement nests deeper than can be read; names the limit and, where it is known, the place. */
export class NestedTooDeeply extends DefinitionSyntaxError {
  constructor(limit: string, options: { readonly cause?: unknown; readonly location?: Location } = {}) {
    const at = options.location ? `, at line ${options.location.line}, column ${options.location.column}` : '';
    super(`the statement is nested too deeply: at most ${limit} can be read${at}`, options);
  }
}

const overflow = /Maximum call stack size exceeded|stack depth limit exceeded|memory exhausted|memory access out of/;

/** Whether an error says that a stack ran out: JavaScript's, the one of the WASM grammar, or that of its parser. */
export const isOverflow = (error: unknown): boolean =>
  isTree(error) && 'message' in error && overflow.test(`${error.message}`);

/**
 * Runs what walks a tree.
 * @throws NestedTooDeeply with the place when the stack ran out on the way.
 */
export const withinStack = <Result>(work: () => Result, location?: Location): Result => {
  try {
    return work();
  } catch (cause) {
    const known = cause instanceof NestedTooDeeply ? cause.location !== undefined : !isOverflow(cause);
    if (known) throw cause;
    throw new NestedTooDeeply(levels(statementLevels), { cause, ...(location ? { location } : {}) });
  }
};
