import type { Verdict } from './judge.js';

/** One line per suite and verdict, most frequent first. */
export const tally = (all: readonly { readonly suite: string; readonly verdict: Verdict }[]): string =>
  [...Map.groupBy(all, ({ suite }) => suite)]
    .flatMap(([suite, own]) => [
      `${suite}: ${own.length} cases`,
      ...[...Map.groupBy(own, ({ verdict }) => verdict)]
        .toSorted(([, left], [, right]) => right.length - left.length)
        .map(([verdict, same]) => `  ${String(same.length).padStart(5)} ${verdict}`),
    ])
    .map((line) => `${line}\n`)
    .join('');
