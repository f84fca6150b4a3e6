import { ApiProblem } from '@dsem/api';

/** How much a JSON body may hold; counted before it is parsed. */
export interface JsonLimits {
  readonly depth: number;
  readonly keys: number;
}

export const defaultJsonLimits: JsonLimits = { depth: 64, keys: 200_000 };

const quote = 34;
const backslash = 92;
const colon = 58;
const openBrace = 123;
const closeBrace = 125;
const openBracket = 91;
const closeBracket = 93;
const isSpace = (code: number): boolean => code === 32 || code === 10 || code === 13 || code === 9;

const surrogate = /\\u[dD][89a-fA-F]/;

const endOfString = (text: string, start: number): number => {
  let at = start + 1;
  while (at < text.length && text.charCodeAt(at) !== quote) at += text.charCodeAt(at) === backslash ? 2 : 1;
  return at;
};

const decode = (raw: string): string => {
  if (!raw.includes('\\')) return raw;
  try {
    return JSON.parse(`"${raw}"`) as string;
  } catch {
    return raw;
  }
};

/** Walks the text once, without recursion, and refuses what no parser should be given. */
class Scanner {
  /** One entry per open bracket: the keys of an object, null for an array. */
  readonly #open: (Set<string> | null)[] = [];
  #keys = 0;

  constructor(
    readonly text: string,
    readonly limits: JsonLimits,
  ) {}

  run(): void {
    for (let at = 0; at < this.text.length; at++) {
      const code = this.text.charCodeAt(at);
      if (code === quote) at = this.#string(at);
      else if (code === openBrace || code === openBracket) this.#push(code === openBrace ? new Set() : null);
      else if (code === closeBrace || code === closeBracket) this.#open.pop();
    }
  }

  #push(scope: Set<string> | null): void {
    this.#open.push(scope);
    if (this.#open.length > this.limits.depth)
      throw new ApiProblem('DSEM-1005', `nested deeper than ${this.limits.depth} levels`);
  }

  #string(start: number): number {
    const end = endOfString(this.text, start);
    const raw = this.text.slice(start + 1, end);
    if (raw.includes('\\u0000') && decode(raw).includes('\0'))
      throw new ApiProblem('DSEM-1008', 'a text in the body holds a NUL character');
    // UTF-8 has no halves of surrogate pairs, so only an escape can bring one in.
    if (surrogate.test(raw) && !decode(raw).isWellFormed())
      throw new ApiProblem('DSEM-1001', 'a text in the body holds half of a surrogate pair, which is no Unicode');
    const scope = this.#open.at(-1);
    if (scope instanceof Set && this.#isKey(end)) this.#key(decode(raw), scope);
    return end;
  }

  #isKey(end: number): boolean {
    let at = end + 1;
    while (isSpace(this.text.charCodeAt(at))) at++;
    return this.text.charCodeAt(at) === colon;
  }

  #key(key: string, scope: Set<string>): void {
    if (key === '__proto__') throw new ApiProblem('DSEM-1006', 'the key __proto__ is forbidden');
    if (scope.has(key)) throw new ApiProblem('DSEM-1006', `the key ${JSON.stringify(key)} is given twice`);
    scope.add(key);
    if (++this.#keys > this.limits.keys) throw new ApiProblem('DSEM-1005', `more than ${this.limits.keys} keys`);
  }
}

/** The parser's own words (they quote what the caller sent), with the place where the parser tells it. */
const wrongAt = (text: string, error: unknown): string => {
  const { message } = error as { message: string };
  const position = /position (\d+)/.exec(message)?.[1];
  if (position === undefined) return message;
  const before = text.slice(0, Number(position)).split('\n');
  return `${message.replace(/ in JSON at position.*$/s, '')} at line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
};

/**
 * Parses JSON that comes from outside. O(n), no recursion before the depth is known to be small.
 * @throws ApiProblem DSEM-1001 (no JSON), 1005 (too deep, too many keys), 1006 (`__proto__`, repeated key), 1008 (NUL)
 */
export const parseJson = (text: string, limits: JsonLimits = defaultJsonLimits): unknown => {
  new Scanner(text, limits).run();
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ApiProblem('DSEM-1001', wrongAt(text, error), { cause: error });
  }
};
