import { closingLine } from './closing-line.mjs';

const results = {
  numPassedTests: 3,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  numRuntimeErrorTestSuites: 0,
};

describe('the closing line', () => {
  it.each([
    [results, '3 passed, 0 failed'],
    [{ ...results, numPendingTests: 2, numTodoTests: 1 }, '3 passed, 0 failed, 3 skipped'],
    [{ ...results, numFailedTests: 1, numRuntimeErrorTestSuites: 1 }, '3 passed, 2 failed'],
  ])('counts real tests, and a file that did not run as a failure', (counts, line) => {
    expect(closingLine(counts)).toBe(line);
  });
});
