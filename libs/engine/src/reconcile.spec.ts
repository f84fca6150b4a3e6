import { emptySchema, expressionsOf, type Schema } from '@dsem/schema';
import { learnSpellings, reconcile, respelled, type Spell } from './reconcile.js';

const state = (...expressions: readonly string[]): Schema => {
  const checks = expressions.map((expression, at) => ({ name: `c${at}`, expression }));
  const table = { name: 't', columns: [], uniques: [], foreignKeys: [], indexes: [], checks };
  return { ...emptySchema('postgresql'), tables: [table] };
};

/** A server that prints every expression in upper case. */
const shouting = () => {
  const asked: (readonly string[])[] = [];
  const spell: Spell = (desired, places) => {
    asked.push(places);
    const texts = expressionsOf(desired);
    return Promise.resolve(new Map(places.map((place) => [place, (texts.get(place) ?? '').toUpperCase()])));
  };
  return { asked, spell };
};

describe('spellings of a server', () => {
  it('are taken for the wanted text where the server reads it as the same, and asked in one go', async () => {
    const { asked, spell } = shouting();
    const made = await reconcile(state('a > 1', 'b', 'c'), state('A > 1', 'b', 'X'), spell);
    expect([...expressionsOf(made).values()]).toEqual(['A > 1', 'b', 'c']);
    expect(asked).toEqual([['check t.c0', 'check t.c2']]);
  });

  it('are not asked about where nothing differs', async () => {
    const { asked, spell } = shouting();
    expect(await reconcile(state('a'), state('a'), spell)).toEqual(state('a'));
    expect(await learnSpellings(state('a'), new Map([['check t.c0', ['a']]]), spell)).toEqual([]);
    expect(asked).toEqual([]);
  });

  it('are learnt from the first wanted text that fits, and known from then on', async () => {
    const { asked, spell } = shouting();
    const live = state('B', 'X');
    const wanted = new Map([
      ['check t.c0', ['a', 'b', 'c']],
      ['check t.c1', ['y']],
    ]);
    const learnt = await learnSpellings(live, wanted, spell);
    expect(learnt).toEqual([{ place: 'check t.c0', live: 'B', text: 'b' }]);
    expect(asked).toEqual([['check t.c0', 'check t.c1'], ['check t.c0']]);
    expect([...expressionsOf(respelled(live, learnt)).values()]).toEqual(['b', 'X']);
    expect([...expressionsOf(respelled(state('Z', 'X'), learnt)).values()]).toEqual(['Z', 'X']);
  });

  it('are asked about no more when every wanted text was tried', async () => {
    const { asked, spell } = shouting();
    expect(await learnSpellings(state('X'), new Map([['check t.c0', ['a', 'b']]]), spell)).toEqual([]);
    expect(asked).toEqual([['check t.c0'], ['check t.c0']]);
  });
});
