import { action, type Verb } from '../context.js';
import { readStates } from '../state/read-state.js';
import { type EngineOptions, tellNotes, withStates } from './inputs.js';

/** `dsem inspect STATE` */
export const inspect: Verb = (command, run) => {
  withStates(command)
    .argument('<state>', 'what to print')
    .action(
      action<EngineOptions, [string]>(run, async ({ io, options, tell }, input) => {
        const states = await readStates([input], io, options);
        tellNotes(states, tell);
        const [{ inspectAnswer }, { stateText }] = await Promise.all([
          import('../answers/inspect.js'),
          import('../human/state.js'),
        ]);
        const [schema] = states.map((state) => state.schema);
        if (schema === undefined) return 'refused';
        const answer = inspectAnswer(schema);
        return { json: answer, sql: () => answer.sql, human: (paint) => stateText(schema, answer.digest, paint) };
      }),
    );
};
