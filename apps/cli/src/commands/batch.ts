import { action, type Verb } from '../context.js';
import type { Exit } from '../exit-codes.js';

/** `dsem batch` */
export const batch: Verb = (command, run) => {
  command
    .option('--engine <name>', 'for requests that do not say it')
    .addHelpText(
      'after',
      '\nReads JSON requests from standard input and answers each with one line: see `dsem help json-schemas`.',
    )
    .action(
      action<{ readonly engine?: string }>(run, async ({ io, options }): Promise<Exit> => {
        const [{ jsonLines }, { answerLine }] = await Promise.all([
          import('../batch/lines.js'),
          import('../batch/answer.js'),
        ]);
        let number = 0;
        for await (const line of jsonLines(io.stdin)) {
          number += 1;
          io.stdout.write(await answerLine(line, number, options.engine));
          await io.stdout.drained();
        }
        return 'fine';
      }),
    );
};
