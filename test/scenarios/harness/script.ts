/** One line of a story: a verb and its words. */
export interface Line {
  readonly number: number;
  readonly text: string;
  readonly verb: string;
  readonly words: readonly string[];
}

const word = /"([^"]*)"|(\{.*\}|\[.*\])$|\S+/gu;

const wordsOf = (text: string): string[] =>
  [...text.matchAll(word)].map(([all, quotedText]) => (quotedText === undefined ? all : quotedText));

/**
 * Reads the script of a story: a verb per line, words in quotes may hold spaces, `#` starts a comment, and a line may
 * end with a JSON value.
 */
export const readScript = (text: string): readonly Line[] =>
  text.split('\n').flatMap((raw, index) => {
    const line = raw.replace(/(^|\s)#.*$/u, '').trim();
    const [verb, ...words] = wordsOf(line);
    return verb === undefined ? [] : [{ number: index + 1, text: line, verb, words }];
  });

/** The environments that a script names in its `environments` lines. */
export const environmentsOf = (script: readonly Line[]): readonly string[] =>
  script
    .filter(({ verb }) => verb === 'environments')
    .flatMap(({ words }) => words.filter((each) => !each.startsWith('{')));
