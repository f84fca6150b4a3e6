/**
 * How many times the text that opens a block comment may stand in one unbroken run of operator characters (comment
 * marks are such). At each opening PostgreSQL's lexer reads on to the end of the run and goes back: 80 KB of nothing
 * but openings take it ten seconds.
 */
const openingLimit = 100;

/**
 * Where a run holds one opening too many; undefined where none does. It looks at the characters alone, so that it also
 * sees into the bodies of routines. O(text).
 */
export const crowdedComment = (text: string): number | undefined => {
  const opening = /\/\*/g;
  const run = /[-~!@#^&|`?+*/%<>=]*/y;
  let openings = 0;
  let end = 0;
  for (let found = opening.exec(text); found; found = opening.exec(text)) {
    if (found.index >= end) {
      openings = 0;
      run.lastIndex = found.index;
      run.exec(text);
      end = run.lastIndex;
    }
    if (++openings > openingLimit) return found.index;
  }
  return undefined;
};

/** What is said of such a run, before its place. */
export const crowded = `at most ${openingLimit} times "/*" can be read in one run of operator characters`;
