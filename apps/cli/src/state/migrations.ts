/** `V1_2__name.sql`, `R__views.sql`, `U1__name.sql`: kind, version, description. */
const flyway = /^([VRBU])([\d._]*)__.*\.sql$/u;

const wayBack = /(^|[.\-_/\\])(down|rollback|undo|revert)\.[a-z]+$/iu;

const baseName = (path: string): string => path.split(/[\\/]/u).at(-1) ?? path;

/** Whether a file is the way back of a migration: `*.down.sql`, `down.sql` in a version's folder, Flyway's `U1__*`. */
export const isWayBack = (path: string): boolean => wayBack.test(path) || flyway.exec(baseName(path))?.[1] === 'U';

/** Runs of digits and of other characters; digits count as numbers. */
const runs = (text: string): readonly (string | bigint)[] =>
  (text.match(/\d+|\D+/gu) ?? []).map((run) => (/^\d/u.test(run) ? BigInt(run) : run));

const compare = <Value extends string | bigint | number>(one: Value, other: Value): number =>
  one < other ? -1 : one > other ? 1 : 0;

const compareRuns = (a: readonly (string | bigint)[], b: readonly (string | bigint)[]): number => {
  for (let at = 0; at < Math.min(a.length, b.length); at++) {
    const [one, other] = [a[at]!, b[at]!];
    const order = typeof one === typeof other ? compare(one, other) : typeof one === 'bigint' ? -1 : 1;
    if (order !== 0) return order;
  }
  return a.length - b.length;
};

/** Versions in front of repeatable scripts, which come by their names. */
const compareFlyway = (a: RegExpExecArray, b: RegExpExecArray): number => {
  const rank = (found: RegExpExecArray): number => (found[1] === 'R' ? 1 : 0);
  const parts = (found: RegExpExecArray): readonly bigint[] =>
    (found[2] ?? '').split(/[._]/u).filter(Boolean).map(BigInt);
  return compare(rank(a), rank(b)) || compareRuns(parts(a), parts(b)) || compare(a[0], b[0]);
};

/** The order in which migrations are run: by their names, numbers as numbers. */
export const inRunOrder = (a: string, b: string): number => {
  const [one, other] = [flyway.exec(baseName(a)), flyway.exec(baseName(b))];
  const sameFolder = a.length - baseName(a).length === b.length - baseName(b).length;
  return (one && other && sameFolder && compareFlyway(one, other)) || compareRuns(runs(a), runs(b)) || compare(a, b);
};

/** What tools write above the two ways inside one file. */
const marks = /^[ \t]*--[ \t]*(?:\+goose|\+migrate|migrate:)[ \t]*(up|down)\b[^\n]*$/gimu;

/** A text whose way back, where it stands in the same file, is blanked out; places are kept. */
export const wayForward = (text: string): string => {
  const found = [...text.matchAll(marks)];
  if (found.length === 0) return text;
  const cuts = found.map((mark, at) => ({
    isDown: mark[1]?.toLowerCase() === 'down',
    start: mark.index,
    end: found[at + 1]?.index ?? text.length,
  }));
  return cuts
    .filter(({ isDown }) => isDown)
    .reduce(
      (made, { start, end }) => made.slice(0, start) + made.slice(start, end).replace(/[^\n]/gu, ' ') + made.slice(end),
      text,
    );
};
