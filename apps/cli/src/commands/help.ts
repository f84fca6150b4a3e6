import type { Command } from 'commander';
import { action, type Run } from '../context.js';
import { exitCodes } from '../exit-codes.js';
import { table } from '../output/table.js';
import { usage } from '../problem.js';

const exitCodeList = Object.values(exitCodes).map(({ code, meaning }) => ({ code, meaning }));

const verbNamed = (program: Command, words: readonly string[]): Command => {
  const found = words.reduce<Command | undefined>(
    (command, word) => command?.commands.find((each) => each.name() === word),
    program,
  );
  if (found === undefined) throw usage(`There is no verb ${words.join(' ')}.`);
  return found;
};

/** `dsem help [topic]`: a verb, `exit-codes` or `json-schemas`. */
export const addHelp = (program: Command, run: Run): void => {
  program.helpCommand(false);
  program
    .command('help')
    .summary('tell about a verb, exit-codes or json-schemas')
    .argument('[topic...]')
    .action(
      action<object, [readonly string[]]>(run, async (_, [topic, ...rest]) => {
        if (topic === undefined) {
          program.outputHelp();
          return 'fine';
        }
        if (topic === 'exit-codes')
          return {
            json: { exitCodes: exitCodeList },
            human: () =>
              table(
                [],
                exitCodeList.map(({ code, meaning }) => [String(code).padStart(3), meaning]),
              ),
          };
        if (topic === 'json-schemas') {
          const { jsonSchemas } = await import('../json-schemas.js');
          const schemas = jsonSchemas();
          return { json: schemas, human: () => `${JSON.stringify(schemas, null, 2)}\n` };
        }
        verbNamed(program, [topic, ...rest]).outputHelp();
        return 'fine';
      }),
    );
};
