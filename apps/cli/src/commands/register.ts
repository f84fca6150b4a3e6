import { type EngineOptions, modeOptionText, tellNotes, withStates } from './inputs.js';
import { readStates } from '../state/read-state.js';
import type { Verb } from '../context.js';
import { given, pair, remote } from './remote.js';

type Options = EngineOptions & {
  readonly name: string;
  readonly declare?: string;
  readonly mode?: string;
  readonly owner?: string;
  readonly description?: string;
  readonly reason?: string;
  readonly label?: Readonly<Record<string, string>>;
};

/** `dsem register STATE --name NAME` */
export const register: Verb = (command, run) => {
  withStates(command)
    .argument('<state>', 'what to register')
    .requiredOption('--name <name>', 'the schema')
    .option('--version, --declare <version>', 'semantic version; refused when smaller than the computed one')
    .option('--mode <mode>', modeOptionText)
    .option('--owner <team>', 'who answers for the schema')
    .option('--description <text>', 'what it is for')
    .option('--reason <text>', 'why this version')
    .option('--label <key=value>', 'a label; several', pair)
    .action(
      remote<Options, [string]>(run, async (client, { io, options, tell }, input) => {
        const states = await readStates([input], io, options);
        tellNotes(states, tell);
        const [{ modeNamed }, { withHints }] = await Promise.all([
          import('../answers/check.js'),
          import('@dsem/schema'),
        ]);
        const [state] = states;
        if (state === undefined) return 'refused';
        const { name, owner, description, reason, declare, label, mode } = options;
        const body = {
          name,
          database: state.engine,
          definition: { ...withHints(state.schema, state.renamedFrom ?? []) },
          ...given({ owner, description, reason, version: declare, labels: label }),
          ...(mode !== undefined && { compatibility: modeNamed(mode) }),
        };
        const registered = await client.call('registerSchema', { body });
        const { version, created } = registered;
        return {
          json: registered,
          human: (paint) =>
            created
              ? `${paint.green('Registered')} ${name} ${version.version} (${version.bump}), ${version.digest}\n`
              : `${name} has this content already: it is version ${version.version}.\n`,
        };
      }),
    );
};
