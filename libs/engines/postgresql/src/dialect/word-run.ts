/**
 * How many words of a statement may follow each other without a comma, those before the brackets still open included.
 * A tree cannot be deeper than that many nodes, and the grammar (WASM) must never run out of stack: what it leaves
 * behind then makes a later call hang. It does so from some 6000 words on.
 */
export const wordRunLimit = 4_000;

// Each alternative also ends with the text, so that what is never closed is read once and not once for each start.
const token =
  /--[^\n]*|\/\*|\be'(?:[^'\\]+|''|\\[\s\S]?)*(?:'|$)|'(?:[^']+|'')*(?:'|$)|"(?:[^"]+|"")*(?:"|$)|\$([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$[\s\S]*?(?:\$\1\$|$)|[A-Za-z_\u0080-\uffff][\w\u0080-\uffff$]*|\d+|::|[^\s\w]/gi;
const setOperator = /^(?:union|intersect|except)$/i;

interface Level {
  words: number;
  sets: number;
}

/** Where the block comment ends that is open before `from`; such comments nest. */
const endOfComment = (text: string, from: number): number => {
  const edge = /\/\*|\*\//g;
  edge.lastIndex = from;
  for (let depth = 1; depth > 0;) {
    const found = edge.exec(text);
    if (!found) return text.length;
    depth += found[0] === '/*' ? 1 : -1;
  }
  return edge.lastIndex;
};

/** The words of a text with their offsets, comments left out. O(text). */
function* wordsOf(text: string): Generator<{ readonly word: string; readonly index: number }> {
  const words = new RegExp(token);
  for (let found = words.exec(text); found; found = words.exec(text)) {
    const [word] = found;
    if (word === '/*') words.lastIndex = endOfComment(text, words.lastIndex);
    else if (!word.startsWith('--')) yield { word, index: found.index };
  }
}

/** Where a statement begins whose words run on, and where the limit is passed. */
export interface Endless {
  readonly start: number;
  readonly passed: number;
}

/** Where the first statement begins whose words run on beyond the limit; undefined when none does. O(text). */
export const endlessStatement = (text: string): number | undefined => endlessRun(text)?.start;

/** The first statement whose words run on beyond the limit; undefined when none does. O(text). */
export const endlessRun = (text: string): Endless | undefined => {
  if (text.length < wordRunLimit) return undefined;
  let open: Level[] = [{ words: 0, sets: 0 }];
  let run = 0;
  let start: number | undefined;
  for (const { word, index } of wordsOf(text)) {
    const level = open.at(-1)!;
    if (word === ';') {
      open = [{ words: 0, sets: 0 }];
      run = 0;
      start = undefined;
      continue;
    }
    start ??= index;
    if (word === ',') {
      run -= level.words;
      level.words = 0;
    } else if ((word === ')' || word === ']') && open.length > 1) {
      open.pop();
      run -= level.words + level.sets;
    } else {
      if (setOperator.test(word)) level.sets++;
      else level.words++;
      run++;
      if (word === '(' || word === '[') open.push({ words: 0, sets: 0 });
    }
    if (run > wordRunLimit) return { start, passed: index };
  }
  return undefined;
};
