import type { Command } from 'commander';
import type { Verb } from '../context.js';
import { given, remote, several, whole } from './remote.js';
import { settled, type WaitFlags } from './waiting.js';

const withWait = (command: Command): Command =>
  command
    .option('--wait', 'until it stands still, with a line per environment (default on a terminal)')
    .option('--no-wait', 'return when it has begun')
    .option('--wait-timeout <seconds>', 'how long to wait', whole, 600);

const wave = (value: string, before: readonly (readonly string[])[] = []): readonly (readonly string[])[] => [
  ...before,
  several(value),
];

type RolloutOptions = WaitFlags & {
  readonly wave?: readonly (readonly string[])[];
  readonly parallel?: number;
  readonly bake?: number;
  readonly onFailure: 'halt' | 'roll-back';
};

/** `dsem rollout MIGRATION` */
export const rollout: Verb = (command, run) => {
  const onFailure = command.createOption('--on-failure <policy>', 'what a failure does').choices(['halt', 'roll-back']);
  withWait(command)
    .argument('<migration>')
    .option('--wave <names>', 'environments of one wave, in order; several (default: one wave per type)', wave)
    .option('--parallel <n>', 'environments of a wave at a time', whole)
    .option('--bake <seconds>', 'rest after each wave', whole)
    .addOption(onFailure.default('halt'))
    .action(
      remote<RolloutOptions, [string]>(run, async (client, call, id) => {
        const { wave: waves, parallel, bake, onFailure: policy } = call.options;
        const each = given({ parallel, bakeSeconds: bake });
        const asked = waves?.map((environments) => ({ environments: [...environments], ...each }));
        const body = { onFailure: policy, ...given({ waves: asked }) };
        return settled(call, await client.call('executeMigration', { params: { id }, body }), 'completed');
      }),
    );
};

type RollbackOptions = WaitFlags & {
  readonly environment?: readonly string[];
  readonly why?: string;
  readonly acceptDataLoss?: boolean;
};

/** `dsem rollback MIGRATION` */
export const rollback: Verb = (command, run) => {
  withWait(command)
    .argument('<migration>')
    .option('--environment <names>', 'only there; several (default: everywhere)', several)
    .option('--why <text>', 'stays in the audit trail')
    .option('--accept-data-loss', 'also where that destroys rows or values; stays in the audit trail')
    .action(
      remote<RollbackOptions, [string]>(run, async (client, call, id) => {
        const { environment, why, acceptDataLoss } = call.options;
        const environments = environment === undefined ? undefined : [...environment];
        const body = given({ environments, why, acceptDataLoss });
        return settled(call, await client.call('rollbackMigration', { params: { id }, body }), 'rolled-back');
      }),
    );
};
