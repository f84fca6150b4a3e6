import { paint } from './paint.js';
import { problemText } from './problem.js';

const shape = { code: 'DSEM-1002', title: 'The body has the wrong shape', fix: 'Correct the fields.' };
const errors = [
  { path: 'body.name', message: 'too short' },
  { path: 'body.type', message: 'there is no such type' },
];
const text = (problem: object): string => problemText({ ...shape, ...problem }, paint(false));

describe('a problem as a person reads it', () => {
  it('is told once where its detail repeats the list of its errors', () => {
    const detail = 'body.name: too short; body.type: there is no such type';
    expect(text({ detail, errors })).toBe(`DSEM-1002 The body has the wrong shape
  - body.name: too short
  - body.type: there is no such type
  Fix: Correct the fields.
`);
  });

  it.each([
    ['the first of many errors', 'body.name: too short', false],
    ['one of the messages', 'too short', false],
    ['something else', 'the body holds two of them', true],
  ])('has a detail that is %s: %j', (_, detail, shown) => {
    expect(text({ detail, errors }).includes(`  ${detail}\n`)).toBe(shown);
  });

  it('keeps a detail without a list', () => {
    expect(text({ detail: 'the role agent goes alone' })).toContain('\n  the role agent goes alone\n');
  });
});
