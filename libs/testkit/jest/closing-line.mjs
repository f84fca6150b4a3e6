// A reporter whose only output is the run's last line: `N passed, N failed` and, if any, `, N skipped`.
// A spec file that could not run at all counts as one failure.
export const closingLine = (results) => {
  const skipped = results.numPendingTests + results.numTodoTests;
  const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
  const line = `${results.numPassedTests} passed, ${failed} failed`;
  return skipped === 0 ? line : `${line}, ${skipped} skipped`;
};

export default class ClosingLine {
  onRunComplete(_contexts, results) {
    // The default reporter writes to stderr; this line goes to stdout after it, so that pipes see it last.
    process.stderr.write('', () => process.stdout.write(`${closingLine(results)}\n`));
  }
}
