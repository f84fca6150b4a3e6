import type { ConsumerContract } from '@dsem/compat';
import { action, type Call, type Verb } from '../context.js';
import { usage } from '../problem.js';
import { readStates } from '../state/read-state.js';
import { type EngineOptions, tellNotes, withStates } from './inputs.js';

type Options = EngineOptions & {
  readonly from: readonly string[];
  readonly to: string;
  readonly mode: string;
  readonly consumers?: string;
};

const several = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

const consumersOf = async ({ io, options }: Call<Options>): Promise<readonly ConsumerContract[]> => {
  if (options.consumers === undefined) return [];
  return (await import('../state/consumers.js')).readConsumers(options.consumers, io);
};

/** `dsem check --from A --to B --mode MODE` */
export const check: Verb = (command, run) => {
  withStates(command)
    .requiredOption(
      '--from <state>',
      'a state that was there before; several, oldest first, for transitive modes',
      several,
    )
    .requiredOption('--to <state>', 'the state to judge')
    .option('--mode <mode>', 'none, backward, forward or full, with -transitive for all baselines', 'backward')
    .option('--consumers <file>', 'JSON list of services with what they read and write')
    .action(
      action<Options>(run, async (call) => {
        const { io, options, tell } = call;
        const [{ modeNamed, checkAnswer }, { checkText }] = await Promise.all([
          import('../answers/check.js'),
          import('../human/check.js'),
        ]);
        const mode = modeNamed(options.mode);
        const consumers = await consumersOf(call);
        const states = await readStates([...options.from, options.to], io, options);
        tellNotes(states, tell);
        const [to, ...from] = [...states].reverse();
        if (to === undefined) throw usage('--to is missing.');
        const answer = checkAnswer(from.map(({ schema }) => schema).reverse(), to, mode, consumers);
        return {
          exit: answer.compatible ? 'fine' : 'incompatible',
          json: answer,
          findings: answer.findings,
          title: `Compatibility (${mode}): ${answer.compatible ? 'compatible' : 'incompatible'}, score ${answer.score}`,
          human: (paint) => checkText(answer, paint),
        };
      }),
    );
};
