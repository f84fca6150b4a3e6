import type { MergeSide, Resolution } from '@dsem/schema';
import { action, type Call, type Verb } from '../context.js';
import { CliProblem, usage } from '../problem.js';
import { readStates } from '../state/read-state.js';
import { type EngineOptions, tellNotes, withStates } from './inputs.js';

type Options = EngineOptions & {
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
  readonly take?: MergeSide;
  readonly resolutions?: string;
};

const resolutionsOf = async ({ io, options }: Call<Options>): Promise<readonly Resolution[]> => {
  if (options.resolutions === undefined) return [];
  return (await import('../state/resolutions.js')).readResolutions(options.resolutions, io);
};

const notClean = (count: number): CliProblem =>
  new CliProblem(
    'DSEM-4020',
    'The merge has conflicts',
    `${count} to be decided, so there is no merged state.`,
    'Look at them without -o sql, then decide with --take or --resolutions.',
  );

/** `dsem merge --base B --ours O --theirs T` */
export const merge: Verb = (command, run) => {
  withStates(command)
    .requiredOption('--base <state>', 'the state that both sides started from')
    .requiredOption('--ours <state>', 'what one side made of it')
    .requiredOption('--theirs <state>', 'what the other side made of it')
    .addOption(
      command
        .createOption('--take <side>', 'decide every conflict that is left for one side')
        .choices(['ours', 'theirs']),
    )
    .option('--resolutions <file>', 'JSON or YAML list of {noun, object, aspect, take[, value]}')
    .action(
      action<Options>(run, async (call) => {
        const { io, options, tell } = call;
        const resolutions = await resolutionsOf(call);
        const states = await readStates([options.base, options.ours, options.theirs], io, options);
        tellNotes(states, tell);
        const [base, ours, theirs] = states;
        if (base === undefined || ours === undefined || theirs === undefined) throw usage('Three states are needed.');
        const [{ mergeAnswer }, { mergeText }] = await Promise.all([
          import('../answers/merge.js'),
          import('../human/merge.js'),
        ]);
        const answer = await mergeAnswer({ base, ours, theirs }, { take: options.take, resolutions });
        for (const note of answer.notes) tell(`note: ${note}.`);
        return {
          exit: answer.clean ? 'fine' : 'incompatible',
          json: answer,
          sql: () => {
            if (answer.sql === null) throw notClean(answer.conflicts.length);
            return answer.sql;
          },
          human: (paint) => mergeText(answer, paint),
        };
      }),
    );
};
