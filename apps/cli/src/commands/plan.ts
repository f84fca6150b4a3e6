import { action, type Verb } from '../context.js';
import { type EngineOptions, tellRenames, withStates } from './inputs.js';
import { readPair } from './pair.js';

type Options = EngineOptions & {
  readonly from: string;
  readonly to: string;
  readonly engineVersion?: string;
  readonly offlineStyle?: true;
  readonly exitCode?: true;
};

/** `dsem plan --from A --to B` */
export const plan: Verb = (command, run) => {
  withStates(command)
    .requiredOption('--from <state>', 'where the database is')
    .requiredOption('--to <state>', 'where it should be')
    .option('--engine-version <version>', 'the version of the server (default: the newest supported)')
    .option('--online', 'forms that keep traffic going (default)')
    .option('--offline-style', 'one window, shortest total time, no online forms')
    .option('--exit-code', 'end with 2 when there is something to do')
    .action(
      action<Options>(run, async (call) => {
        const { engineVersion, offlineStyle, exitCode } = call.options;
        const [from, to] = await readPair(call);
        const [{ planAnswer }, { diffAnswer, renameNotes }, { planSql, planText }] = await Promise.all([
          import('../answers/plan.js'),
          import('../answers/diff.js'),
          import('../human/plan.js'),
        ]);
        const answer = planAnswer(from.schema, to, engineVersion, offlineStyle === true ? 'offline' : 'online');
        tellRenames(renameNotes(diffAnswer(from.schema, to.schema, to.renamedFrom).changes), call.tell);
        return {
          exit: exitCode === true && answer.steps.length > 0 ? 'changed' : 'fine',
          json: answer,
          findings: answer.findings,
          title: `Plan for ${answer.engine}`,
          sql: () => planSql(answer),
          human: (paint) => planText(answer, paint),
        };
      }),
    );
};
