import { action, type Verb } from '../context.js';
import { readPair } from './pair.js';
import { type EngineOptions, tellRenames, withStates } from './inputs.js';

type Options = EngineOptions & { readonly from: string; readonly to: string };

/** `dsem diff --from A --to B` */
export const diff: Verb = (command, run) => {
  withStates(command)
    .requiredOption('--from <state>', 'the state before')
    .requiredOption('--to <state>', 'the state after')
    .action(
      action<Options>(run, async (call) => {
        const [from, to] = await readPair(call);
        const [{ diffAnswer, renameNotes }, { changeCounts, changeLine }] = await Promise.all([
          import('../answers/diff.js'),
          import('../human/change.js'),
        ]);
        const answer = diffAnswer(from.schema, to.schema, to.renamedFrom);
        const { changes } = answer;
        tellRenames(renameNotes(changes), call.tell);
        if (changes.length === 0) return { json: answer, human: () => 'No change.\n' };
        return {
          exit: 'changed',
          json: answer,
          human: (paint) =>
            `${changes.map((change) => changeLine(change, paint)).join('')}\n${changeCounts(changes)}\n`,
        };
      }),
    );
};
