import { expressionsOf, mapExpressions, type Schema } from '@dsem/schema';

/**
 * Tells how a server spells expressions of a desired state, by their places (`mapExpressions`). A place is missing from
 * the answer when the server cannot say: the expression names what is not there yet.
 */
export type Spell = (desired: Schema, places: readonly string[]) => Promise<ReadonlyMap<string, string>>;

/**
 * The desired state with the live spelling of each expression that the server itself reads as the same. Only expressions
 * that stand in both states with different texts are asked about, all in one call; without any nothing is asked.
 * O(desired + live).
 */
export const reconcile = async (desired: Schema, live: Schema, spell: Spell): Promise<Schema> => {
  const there = expressionsOf(live);
  const open = [...expressionsOf(desired)].filter(([place, text]) => {
    const held = there.get(place);
    return held !== undefined && held !== text;
  });
  if (open.length === 0) return desired;
  const spelled = await spell(
    desired,
    open.map(([place]) => place),
  );
  return mapExpressions(desired, (place, text) => {
    const held = there.get(place);
    return held !== undefined && spelled.get(place) === held ? held : text;
  });
};

/** Two spellings of one expression: the server's, and the one that the definition it was made from has. */
export interface Spelling {
  readonly place: string;
  readonly live: string;
  readonly text: string;
}

/** A live state with the definition's spelling wherever the server's is known to mean the same. O(schema). */
export const respelled = (live: Schema, spellings: readonly Spelling[]): Schema => {
  if (spellings.length === 0) return live;
  const known = new Map(spellings.map((one) => [JSON.stringify([one.place, one.live]), one.text]));
  return mapExpressions(live, (place, text) => known.get(JSON.stringify([place, text])) ?? text);
};

/**
 * The spellings that a live state proves: at a place where one of several texts is wanted and another one stands, the
 * server is asked whether it spells a wanted one like that. Without such a place nothing is asked.
 */
export const learnSpellings = async (
  live: Schema,
  wanted: ReadonlyMap<string, readonly string[]>,
  spell: Spell,
): Promise<readonly Spelling[]> => {
  let open = [...expressionsOf(live)].flatMap(([place, text]) => {
    const texts = wanted.get(place);
    return texts === undefined || texts.includes(text) ? [] : [{ place, live: text, texts }];
  });
  const learnt: Spelling[] = [];
  for (let at = 0; open.length > 0; at += 1) {
    const tried = new Map(open.map(({ place, texts }) => [place, texts[at]!]));
    const spelled = await spell(
      mapExpressions(live, (place, text) => tried.get(place) ?? text),
      [...tried.keys()],
    );
    const found = open.filter((one) => spelled.get(one.place) === one.live);
    learnt.push(...found.map((one) => ({ place: one.place, live: one.live, text: tried.get(one.place)! })));
    open = open.filter((one) => !found.includes(one) && at + 1 < one.texts.length);
  }
  return learnt;
};
