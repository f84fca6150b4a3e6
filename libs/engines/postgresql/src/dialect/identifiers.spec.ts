import fc from 'fast-check';
import { UnsupportedChange } from '@dsem/schema';
import { expressionTree, loadGrammar, printTree } from './grammar.js';
import { identifier, literal, shortestName, splitName } from './identifiers.js';
import { nameParts } from './type-names.js';

beforeAll(loadGrammar);

const bytes = (text: string): number => new TextEncoder().encode(text).length;
const names = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
  .filter((name) => !name.includes('\0') && name.isWellFormed() && bytes(name) <= 63);

describe('quoting', () => {
  it('gives back every name through the grammar', () => {
    fc.assert(
      fc.property(names, (name) => {
        const tree = expressionTree(identifier(name));
        expect('ColumnRef' in tree ? nameParts(tree.ColumnRef.fields) : []).toEqual([name]);
      }),
    );
  });

  it('gives back every text through the grammar', () => {
    const texts = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0') && text.isWellFormed());
    fc.assert(
      fc.property(texts, (text) => {
        const tree = expressionTree(literal(text));
        expect('A_Const' in tree ? (tree.A_Const.sval?.sval ?? '') : printTree(tree)).toBe(text);
      }),
    );
  });

  it('splits what it joined', () => {
    fc.assert(
      fc.property(names, names, (one, other) => expect(splitName(shortestName(one, other))).toEqual([one, other])),
    );
  });

  it.each([[''], ['a\0b'], ['x'.repeat(64)], ['é'.repeat(32)]])('refuses the name %j', (name) => {
    expect(() => identifier(name)).toThrow(UnsupportedChange);
  });
});
