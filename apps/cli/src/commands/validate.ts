import type { Verb } from '../context.js';
import { usage } from '../problem.js';
import { readStates } from '../state/read-state.js';
import { type EngineOptions, modeOptionText, tellNotes, withStates } from './inputs.js';
import { given, remote } from './remote.js';

type Options = EngineOptions & { readonly schema?: string; readonly against?: string; readonly mode?: string };

/** `dsem validate STATE --schema NAME`: the verdict of the server, which knows live consumers. */
export const validate: Verb = (command, run) => {
  withStates(command)
    .argument('<state>', 'the state to judge')
    .option('--schema <name>', 'judge against its versions and live consumers')
    .option('--against <state>', 'judge against this state')
    .option('--mode <mode>', modeOptionText)
    .action(
      remote<Options, [string]>(run, async (client, { io, options, tell }, input) => {
        const { schema, against, mode } = options;
        if (schema === undefined && against === undefined) throw usage('Say --schema, --against, or both.');
        const states = await readStates(against === undefined ? [input] : [input, against], io, options);
        tellNotes(states, tell);
        const [{ modeNamed }, { checkText }] = await Promise.all([
          import('../answers/check.js'),
          import('../human/check.js'),
        ]);
        const [to, from] = states;
        if (to === undefined) return 'refused';
        const body = {
          database: to.engine,
          newSchema: { ...to.schema },
          ...(from !== undefined && { oldSchema: { ...from.schema } }),
          ...given({ schema }),
          ...(mode !== undefined && { compatibility: modeNamed(mode) }),
        };
        const report = await client.call('validateCompatibility', { body });
        const findings = JSON.parse(JSON.stringify(report.findings)) as Parameters<typeof checkText>[0]['findings'];
        return {
          exit: report.compatible ? 'fine' : 'incompatible',
          json: report,
          findings,
          title: `Compatibility (${report.mode})`,
          human: (paint) => checkText({ ...report, findings }, paint),
        };
      }),
    );
};
