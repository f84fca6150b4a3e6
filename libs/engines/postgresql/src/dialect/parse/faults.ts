import { Refusal } from '@dsem/schema';
import { NotYetDefined } from './draft.js';

/** How many errors of one state are told at once. */
export const faultLimit = 20;

/** The refusals of one reading, in the order in which they are met. */
export class Faults {
  readonly #list: Refusal[] = [];
  /** Paths of objects whose statements were refused: what misses them is no error of its own. */
  readonly #broken = new Set<string>();

  get isFull(): boolean {
    return this.#list.length >= faultLimit;
  }

  /** Keeps a refusal and goes on. @throws what is no refusal, as that is a fault of the program */
  add(error: unknown, made: readonly string[] = []): void {
    if (!(error instanceof Refusal)) throw error;
    const follows = error instanceof NotYetDefined ? this.#list.length > 0 : this.#isBroken(error.object);
    for (const path of made) this.#broken.add(path);
    if (!follows && !this.isFull) this.#list.push(error);
  }

  /** Runs what may refuse something, and keeps the refusal. */
  collect(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.add(error);
    }
  }

  #isBroken(object: string | undefined): boolean {
    return object !== undefined && [...this.#broken].some((path) => object === path || object.startsWith(`${path}.`));
  }

  /** @throws the first refusal, which lists the others */
  raise(): void {
    const [first, ...others] = this.#list;
    if (first) throw first.with(others);
  }
}
